import type {
  ComparisonCounts,
  ComparisonProblem,
  ComparisonState,
  Difference,
  FindingEnd,
  ProviderName,
} from '../../contract/index.js';
import { day, type Instant } from '../ops/clock.js';
import { derivedId } from '../ops/ids.js';
import { type Doc, define } from '../store/store.js';

/**
 * The comparison of one merchant's contract on one of its days, from its plan to its report. One document, so that any number of servers make
 * one: its id is derived, and every step is a compare-and-set on it.
 */
export interface Comparison extends Doc {
  readonly merchant: string;
  readonly provider: ProviderName;
  /** Of one account with the provider; the first one's credentials ask. */
  readonly channels: readonly string[];
  readonly day: string;
  readonly scheduledFor: Instant;
  readonly state: ComparisonState;
  readonly from?: Instant;
  readonly until?: Instant;
  readonly complete?: boolean;
  readonly counts?: ComparisonCounts;
  readonly findings: readonly Finding[];
  /** What is left to be settled, one entry a record. */
  readonly todo: readonly Todo[];
  /** Rounds in a row that the provider did not answer. */
  readonly tries: number;
  readonly problem?: ComparisonProblem;
  readonly finishedAt?: Instant;
  /** Whoever is at it. Freed by its end, or by `until` if its owner dies. */
  readonly lease?: { readonly owner: string; readonly until: Instant };
  /** The next step; of a finished one its removal. */
  readonly dueAt: Instant;
}

export const findingKinds = ['differing', 'onlyTheirs', 'onlyOurs'] as const;
export type FindingKind = (typeof findingKinds)[number];

/** A sample. */
export interface Finding {
  readonly kind: FindingKind;
  readonly orderId: string;
  readonly record: string;
  readonly payment?: string;
  readonly differs?: readonly Difference[];
  readonly theirs?: Side;
  readonly ours?: Side;
  readonly end?: FindingEnd;
}

export interface Side {
  readonly state: string;
  readonly amount?: number;
  readonly currency: string;
  readonly cancelled?: number;
  readonly at?: Instant;
}

export interface Todo {
  readonly payment: string;
  readonly attempt: number;
  readonly record: string;
}

/** Of each kind. */
export const maxSamples = 100;
/** More differences than this are left to the next day's comparison. */
export const maxTodo = 1_000;
/** How far back a comparison looks. */
export const windowMs = 7 * day;
export const keepReportsMs = 90 * day;

export const comparisons = define<Comparison>()({
  name: 'comparisons',
  version: 1,
  indexes: {
    by_merchant: { keys: ['merchant', 'scheduledFor'] },
    due: { keys: ['dueAt'] },
  },
});

/** One a day for each account, whoever plans it. */
export const comparisonId = (merchant: string, provider: string, channel: string, date: string): string =>
  `cmp_${derivedId('comparison', merchant, provider, channel, date)}`;
