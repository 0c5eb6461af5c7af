import type { ProviderName, ProviderWebhookState } from '../../contract/index.js';
import { day, type Instant, second } from '../ops/clock.js';
import { derivedId } from '../ops/ids.js';
import { type Collection, type Doc, define } from '../store/store.js';

/** One webhook of a provider, as far as it matters: which order to ask about. Nothing of what it says of money or of a buyer is kept. */
export interface InboxEntry extends Doc {
  readonly merchant: string;
  readonly provider: ProviderName;
  readonly event: string;
  /** Signed by the provider, and checked; else anybody may have sent it. */
  readonly signed: boolean;
  readonly orderId?: string;
  /** A signed one's claim, and the record it is about: only ever compared with what the provider answered. */
  readonly says?: 'opened' | 'paid';
  readonly record?: string;
  readonly receivedAt: Instant;
  /** A lookup that began after this moment has seen what it is about. */
  readonly heardAt: Instant;
  readonly state: ProviderWebhookState;
  /** Lookups in a row that got no answer. */
  readonly tries: number;
  /** The record's secret, as it was sent: sealed, and dropped once it was compared. */
  readonly secret?: string;
  readonly needsSecret?: true;
  /** An unsigned one that waits: the entry that it becomes before the provider is asked, so that a later one waits anew. */
  readonly becomes?: string;
  /** Whoever is working on it. Freed by its end, or by `until` if its owner dies; `rev` is the fence. */
  readonly lease?: { readonly owner: string; readonly until: Instant };
  /** When it is to be worked on; once nothing is left to do, when it is removed. */
  readonly dueAt: Instant;
}

export type NewEntry = Omit<InboxEntry, 'rev' | 'v'>;

export const providerWebhooks = define<InboxEntry>()({
  name: 'provider_webhooks',
  version: 1,
  indexes: {
    by_merchant: { keys: ['merchant', 'receivedAt'] },
    by_state: { keys: ['merchant', 'state', 'receivedAt'] },
    due: { keys: ['dueAt'] },
  },
});

export type InboxCollection = Collection<InboxEntry, (typeof providerWebhooks)['indexes']>;

/** How long one that needs no more work is kept: a repeat of a signed one is recognised until then. */
export const keepMs = 7 * day;
/** How long a provider that can't be reached is asked about one. Due work looks at the payment all the same. */
export const giveUpAfterMs = 1 * day;

/** The entry once the provider has told what it is about: its secret is dropped. */
export function processed<E extends NewEntry>({ lease: _lease, secret: _secret, ...entry }: E, now: Instant) {
  return { ...entry, state: 'processed', tries: 0, dueAt: now + keepMs } as const;
}

/** One that came just after a lookup is looked at after this. */
export const lookAgainMs = 2 * second;

/** What makes two webhooks the same: `message` by its own id or body, `waiting` and `order` by the order they name. */
export const entryId = (
  kind: 'message' | 'waiting' | 'order',
  merchant: string,
  provider: ProviderName,
  what: string,
): string => `whk_${derivedId('provider-webhook', kind, merchant, provider, what)}`;

/** Where a webhook's secret belongs, whatever entry it stands in. */
export const secretOf = ({ merchant, provider, orderId }: Pick<InboxEntry, 'merchant' | 'provider' | 'orderId'>) =>
  `provider-webhook:${merchant}:${provider}:${orderId ?? ''}`;
