import type { Clock, Instant } from '../ops/clock.js';
import { hour, second } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { DueSource } from '../ops/worker.js';
import { dueTime, kindOf, maxReactionAttempts, type ReactionState, type StoredEvent, withReactions } from './event.js';
import type { FeedCollections } from './feed.js';
import { createLanes } from './lanes.js';
import { afterErrorMs, type Reacted, type Reactions } from './reactions.js';

export interface ReactorDeps {
  readonly events: FeedCollections['events'];
  readonly reactions: Reactions;
  readonly clock: Clock;
  readonly log: Logger;
  /** This process, as no other is called. */
  readonly owner: string;
}

export interface Reactor {
  /** Its `work` leases and starts, and does not wait: a slow target holds up no worker. */
  readonly source: DueSource;
  /** Resolves when nothing that this process started is under way. */
  idle(): Promise<void>;
  /** Gives up what is under way, so that whoever comes next does it at once; resolves when that is written. */
  stop(): Promise<void>;
}

/** How long a lease holds if its owner dies; longer than any reaction may take. */
export const reactionLeaseMs = 90 * second;

/** Runs the events' reactions, each leased, tried and retried by itself. Any number of servers run one. */
export function createReactor(deps: ReactorDeps): Reactor {
  const { events, reactions, clock, log, owner } = deps;
  const lanes = createLanes();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  /** As `find` read them: `work` need not read again, its replace tells whether they are still so. */
  const found = new Map<string, StoredEvent>();
  let leases = 0;

  const targetOf = (event: StoredEvent, name: string) => `${event.merchant} ${name}`;

  /** What becomes of a due reaction: started, or put off. */
  const taken = (event: StoredEvent, reaction: ReactionState, lease: string, now: Instant): ReactionState => {
    const { lease: _over, ...free } = reaction;
    if (!reactions.has(kindOf(reaction.name))) {
      log.error('reaction_unknown', { merchant: event.merchant, operation: reaction.name });
      return { ...free, nextAt: now + hour };
    }
    const target = targetOf(event, reaction.name);
    return lanes.enter(target)
      ? { ...free, lease: { owner: lease, until: now + reactionLeaseMs } }
      : { ...free, nextAt: lanes.later(target, now) };
  };

  const work = async (id: string): Promise<boolean> => {
    const event = found.get(id) ?? (await events.get(id));
    found.delete(id);
    const now = clock.now();
    if (!event || stopping.signal.aborted || event.dueAt === undefined || event.dueAt > now) return false;
    const lease = `${owner}:${++leases}`;
    const next = event.reactions.map((one) =>
      one.state === 'waiting' && dueTime(one) <= now ? taken(event, one, lease, now) : one,
    );
    const mine = next.filter((one) => one.lease?.owner === lease);
    const free = () => {
      for (const one of mine) lanes.leave(targetOf(event, one.name));
    };
    const written = await events.replace(withReactions(event, next)).catch((error: unknown) => {
      free();
      throw error;
    });
    if (!written.ok) {
      free();
      return false;
    }
    for (const one of mine) start(written.doc, one, lease);
    return true;
  };

  const start = (event: StoredEvent, reaction: ReactionState, lease: string) => {
    const run = perform(event, reaction, lease)
      .catch((error: unknown) => log.error('reaction_not_written', { merchant: event.merchant, error }))
      .finally(() => running.delete(run));
    running.add(run);
  };

  const perform = async (event: StoredEvent, { name, tries }: ReactionState, lease: string): Promise<void> => {
    const at = clock.now();
    const started = performance.now();
    const reacted = await react(event, name, tries + 1);
    const ms = Math.round(performance.now() - started);
    lanes.leave(targetOf(event, name), ms);
    await settle(event, name, lease, (reaction) =>
      reacted ? after(reaction, reacted, at, ms) : { ...reaction, nextAt: clock.now() },
    );
  };

  /** Undefined: stopped in the middle, not tried. */
  const react = async (event: StoredEvent, name: string, tries: number): Promise<Reacted | undefined> => {
    try {
      const reaction = reactions.get(kindOf(name));
      const reacted = await reaction?.react(event, { name, tries, signal: stopping.signal });
      return stopping.signal.aborted && reacted?.state !== 'done' ? undefined : reacted;
    } catch (error) {
      if (stopping.signal.aborted) return undefined;
      log.error('reaction_failed', { merchant: event.merchant, operation: name, error });
      return { state: 'waiting', retryAt: clock.now() + afterErrorMs(tries), attempt: { error: 'internal' } };
    }
  };

  /** Writes what became of one reaction, beside whatever the others of the event write. Not if the lease was lost. */
  const settle = async (
    event: StoredEvent,
    name: string,
    lease: string,
    change: (reaction: ReactionState) => ReactionState,
  ): Promise<void> => {
    for (let current: StoredEvent | undefined = event; current; current = await events.get(event.id)) {
      const mine = current.reactions.some((one) => one.name === name && one.lease?.owner === lease);
      if (!mine) return;
      const next = current.reactions.map((one) => {
        if (one.name !== name) return one;
        const { lease: _over, nextAt: _old, ...free } = one;
        return change(free);
      });
      if ((await events.replace(withReactions(current, next))).ok) return;
    }
  };

  const idle = async () => {
    while (running.size > 0) await Promise.all(running);
  };

  return {
    source: {
      name: 'reactions',
      async find(limit) {
        const { docs } = await events.find({ index: 'due', range: { to: clock.now() }, limit });
        found.clear();
        for (const event of docs) found.set(event.id, event);
        return docs.map(({ id }) => id);
      },
      work,
    },
    idle,
    async stop() {
      stopping.abort();
      await idle();
    },
  };
}

function after(reaction: ReactionState, reacted: Reacted, at: Instant, ms: number): ReactionState {
  const attempts = [...reaction.attempts, { at, ms, ...reacted.attempt }].slice(-maxReactionAttempts);
  return {
    ...reaction,
    state: reacted.state,
    tries: reaction.tries + 1,
    ...(reacted.state === 'waiting' && { nextAt: reacted.retryAt }),
    attempts,
  };
}
