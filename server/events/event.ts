import type { EventAbout, EventType, ReactionStatus } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { type Doc, define, type Json } from '../store/store.js';

/** Something that happened, as whoever publishes it knows it. */
export interface NewEvent {
  readonly merchant: string;
  /** Names what happened, once for ever: `payment:transition:event`. A repeat under the same key is the same event. */
  readonly key: string;
  readonly type: EventType;
  readonly about: Readonly<EventAbout>;
  readonly data: { readonly [field: string]: Json | undefined };
  /** When it happened. */
  readonly at: Instant;
}

/** An entry of a merchant's feed, at `merchant` and `seq`: 1, 2, 3 … without a gap. */
export interface StoredEvent extends Doc {
  readonly merchant: string;
  readonly seq: number;
  readonly key: string;
  readonly type: EventType;
  readonly createdAt: Instant;
  readonly about: Readonly<EventAbout>;
  readonly data: { readonly [field: string]: Json | undefined };
  readonly reactions: readonly ReactionState[];
  /** The earliest moment a reaction is left to do. Derived; absent when none is. */
  readonly dueAt?: Instant;
  /** May be removed from then on. */
  readonly expiresAt: Instant;
}

/** What follows from an event, with its own state and schedule. `name` is `kind`, or `kind:target`. */
export interface ReactionState {
  readonly name: string;
  readonly state: ReactionStatus;
  readonly tries: number;
  readonly nextAt?: Instant;
  /** Whoever is at it. Freed by its end, or by `until` if its owner dies. */
  readonly lease?: { readonly owner: string; readonly until: Instant };
  readonly attempts: readonly ReactionAttempt[];
}

export interface ReactionAttempt {
  readonly at: Instant;
  readonly ms: number;
  readonly status?: number;
  readonly error?: string;
}

export const maxReactionAttempts = 20;

/** The claim of a key: from which place on its event is looked for, or put. */
export interface Claim extends Doc {
  readonly merchant: string;
  readonly key: string;
  readonly from: number;
  /** Where its event was, once that is about to be removed; only then the claim can expire. */
  readonly seq?: number;
  readonly expiresAt?: Instant;
}

/** Every event of the merchant (the `id`) up to `floor` may be gone, and none above it is. */
export interface Floor extends Doc {
  readonly floor: number;
}

export const events = define<StoredEvent>()({
  name: 'events',
  version: 1,
  indexes: {
    by_seq: { keys: ['merchant', 'seq'] },
    due: { keys: ['dueAt'] },
    expired: { keys: ['expiresAt'] },
  },
});

export const eventClaims = define<Claim>()({
  name: 'event_claims',
  version: 1,
  indexes: { expired: { keys: ['expiresAt'] } },
});

export const eventFloors = define<Floor>()({ name: 'event_floors', version: 1, indexes: {} });

export const eventId = (merchant: string, seq: number): string => `evt_${merchant}_${String(seq).padStart(12, '0')}`;
export const claimId = (merchant: string, key: string): string => `${merchant}:${key}`;

/** `webhook:main` is of the kind `webhook`. */
export const kindOf = (name: string): string => name.split(':', 1)[0] as string;

export const dueTime = ({ lease, nextAt }: ReactionState): Instant => lease?.until ?? nextAt ?? 0;

/** The event with other reactions, and the due time that follows from them. */
export function withReactions<E extends Pick<StoredEvent, 'reactions' | 'dueAt'>>(
  event: E,
  reactions: readonly ReactionState[],
): E {
  const { dueAt: _old, ...rest } = event;
  const waiting = reactions.filter(({ state }) => state === 'waiting').map(dueTime);
  return { ...rest, reactions, ...(waiting.length > 0 && { dueAt: Math.min(...waiting) }) } as E;
}
