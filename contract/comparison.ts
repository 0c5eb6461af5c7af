import type { ProviderName } from './status.js';

/** In what a record of the provider's and ours differ. `record`: the provider has money under an order of ours that we know nothing of. */
export const differenceKinds = ['record', 'state', 'amount', 'currency', 'cancelled'] as const;
export type Difference = (typeof differenceKinds)[number];

/** `waiting`: for its time, or for the provider. `settling`: the books are compared, the differences are being looked up. */
export const comparisonStates = ['waiting', 'settling', 'done'] as const;
export type ComparisonState = (typeof comparisonStates)[number];

/** How what was found ended: our books now agree, still differ, or the provider could not be asked about it. */
export const findingEnds = ['agrees', 'differs', 'unreachable'] as const;
export type FindingEnd = (typeof findingEnds)[number];

/** Why there is no comparison yet, or none any more. */
export const comparisonProblems = ['unreachable', 'misconfigured', 'not_configured'] as const;
export type ComparisonProblem = (typeof comparisonProblems)[number];

export interface ComparisonCounts {
  /** The same in both books. */
  both: number;
  differing: number;
  /** Money under an order id like ours that no payment has. */
  onlyTheirs: number;
  /** Paid here, and the provider knows nothing of it. */
  onlyOurs: number;
  /** So new that we may still hear of it by ourselves: the next comparison looks again. */
  onTheirWay: number;
  /** Order ids that are not of our making: other systems on the same contract. */
  notOurs: number;
  /** Lines of the provider's list that could not be read. */
  unread: number;
}

/** What one side knows, in minor units. No buyer data. */
export interface ComparedSide {
  state: string;
  amount?: number;
  currency: string;
  cancelled?: number;
  at?: string;
}

export interface ComparisonSample {
  orderId: string;
  /** The provider's id of the record. */
  record: string;
  payment?: string;
  differs?: readonly Difference[];
  theirs?: ComparedSide;
  ours?: ComparedSide;
  end?: FindingEnd;
}

/** One row of a list. */
export interface ComparisonRow {
  id: string;
  /** The merchant's day. */
  day: string;
  provider: ProviderName;
  /** Channels of one contract are compared together. */
  channels: readonly string[];
  state: ComparisonState;
  scheduledFor: string;
  /** The range that was compared. */
  from?: string;
  until?: string;
  finishedAt?: string;
  /** False: there was more than one comparison looks at. */
  complete?: boolean;
  counts?: ComparisonCounts;
  problem?: ComparisonProblem;
}

/** Up to 100 samples of each kind. */
export interface ComparisonView extends ComparisonRow {
  differing: readonly ComparisonSample[];
  onlyTheirs: readonly ComparisonSample[];
  onlyOurs: readonly ComparisonSample[];
}
