import { hour, type Instant, minute, second } from '../ops/clock.js';
import type { NewEvent, ReactionAttempt, StoredEvent } from './event.js';

/** How a reaction went. `retryAt` is on the injected clock; `attempt` is kept with the event. */
export type Reacted = (
  | { readonly state: 'done' | 'failed' | 'given_up' }
  | { readonly state: 'waiting'; readonly retryAt: Instant }
) & { readonly attempt?: Omit<ReactionAttempt, 'at' | 'ms'> };

export interface Reacting {
  /** The reaction's full name: `kind` or `kind:target`. */
  readonly name: string;
  /** 1 at the first try. */
  readonly tries: number;
  /** Aborted when the server stops: what is under way counts as not tried. */
  readonly signal: AbortSignal;
}

/** One kind of reaction. It may be called again for an event that it has dealt with already: it must be idempotent by the event's key. */
export interface Reaction {
  /** The names of the reactions of this kind that the event has: `kind`, or `kind:target` for each target. No I/O. */
  plan(event: NewEvent): readonly string[];
  /** What it throws is a retry on `afterErrorMs`. */
  react(event: StoredEvent, reacting: Reacting): Promise<Reacted>;
}

/** By kind. */
export type Reactions = ReadonlyMap<string, Reaction>;

export const planOf =
  (reactions: Reactions) =>
  (event: NewEvent): readonly string[] =>
    [...reactions.values()].flatMap((reaction) => reaction.plan(event));

const errorBackoff = [5 * second, 30 * second, 2 * minute, 10 * minute, hour];

/** After a reaction that threw, for the n-th time (1, 2 …); the last repeats. */
export const afterErrorMs = (tries: number): number => errorBackoff[tries - 1] ?? hour;
