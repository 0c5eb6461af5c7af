import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../http/problem.js';
import { type Clock, day } from '../ops/clock.js';
import { binding, decodeCursor, encodeCursor } from '../store/cursor.js';
import { BadCursor, type Collection, StoreUnavailable } from '../store/store.js';
import { type Bell, createBell } from './bell.js';
import type { eventClaims, eventFloors, events, NewEvent, StoredEvent } from './event.js';
import { type Claim, claimId, eventId, type Floor, withReactions } from './event.js';
import { createPlaces, type Places } from './places.js';
import { type AnswerTo, type At, firstStep, rules, type Step, type StepOf } from './publisher.js';

export interface FeedCollections {
  readonly events: Collection<StoredEvent, (typeof events)['indexes']>;
  readonly claims: Collection<Claim, (typeof eventClaims)['indexes']>;
  readonly floors: Collection<Floor, (typeof eventFloors)['indexes']>;
}

export interface FeedDeps extends FeedCollections {
  readonly clock: Clock;
  /**
   * The store commits in the order in which it was asked, and what was asked for at one moment all or not at all (the embedded engine).
   * Then events can be put one behind the other without waiting for each to be there; elsewhere a stop in between would leave a gap.
   */
  readonly commitsInOrder?: boolean;
  /** The names of the reactions that an event has; settled when it is published. */
  readonly plan?: (event: NewEvent) => readonly string[];
  /** An event was put into the feed by this process. */
  readonly published?: (event: StoredEvent) => void;
  /** Between looks for what must be there but can't be seen yet. */
  readonly pause?: () => Promise<unknown>;
}

export interface ReadFeed {
  readonly merchant: string;
  /** The `next` of the page before; absent: from the oldest that is kept. */
  readonly after?: string;
  /** 1 to 999. */
  readonly limit: number;
}

export interface FeedPage {
  readonly events: readonly StoredEvent[];
  readonly next: string;
}

/**
 * The merchants' numbered feeds. Promised: each key is told once, at one place, whoever publishes it and however often; the places of a
 * feed are 1, 2, 3 … and a reader with a cursor passes each exactly once. Two events published one after the other by anyone stand in that
 * order; ones published at the same time stand in any, and keep it.
 */
export interface Feed {
  /**
   * Safe to repeat after any failure, and to run anywhere at once. Resolves when the event is in the feed for certain; throws
   * `StoreUnavailable` when that is not known: publish again.
   */
  publish(event: NewEvent): Promise<{ readonly seq: number }>;
  /** Throws `BadCursor` for what is no cursor of this merchant's, and `ApiError cursor_expired` for one below the oldest kept. */
  read(query: ReadFeed): Promise<FeedPage>;
  get(merchant: string, id: string): Promise<StoredEvent | undefined>;
  /** Resolves when this process published something for the merchant, after `ms`, or when `signal` aborts. */
  news: Bell['next'];
}

/** How long events are kept. A merchant's newest is kept for ever. */
export const keepEventsMs = 90 * day;

/** How many events one step of the walk looks at. */
const runLength = 100;
const maxAgain = 200;

export function createFeed(deps: FeedDeps): Feed {
  const bell = createBell();
  const places = createPlaces(deps.clock);
  const put = (stored: StoredEvent) => {
    bell.ring(stored.merchant);
    deps.published?.(stored);
  };
  return {
    publish: (event) => publish(deps, event, questions(deps, places, event, put)),
    read: (query) => read(deps, query),
    async get(merchant, id) {
      const event = await deps.events.get(id);
      return event?.merchant === merchant ? event : undefined;
    },
    news: bell.next,
  };
}

async function publish(deps: FeedDeps, event: NewEvent, ask: Questions): Promise<{ readonly seq: number }> {
  const advance = async <A extends At>(step: StepOf<A>): Promise<Step> =>
    rules[step.at](step, await ask[step.at](step), event.key);
  const pause = deps.pause ?? (() => sleep(20));

  let step = firstStep;
  for (let again = 0; step.at !== 'published'; ) {
    if ('again' in step) {
      if (++again > maxAgain) throw new StoreUnavailable('An event that was written can not be read yet');
      await pause();
    }
    step = await advance(step);
  }
  return { seq: step.seq };
}

type Questions = { readonly [A in At]: (step: StepOf<A>) => Promise<AnswerTo<A>> };

/** What each step of publishing `event` asks: of what is known here, else of the store. */
function questions(deps: FeedDeps, places: Places, event: NewEvent, put: (stored: StoredEvent) => void): Questions {
  const { merchant, key } = event;
  const floor = () => floorOf(deps, merchant);
  const insert = async (seq: number) => {
    if (places.isTaken(merchant, seq)) return 'taken';
    const inserting = deps.events.insert(eventAt(deps, event, seq));
    if (deps.commitsInOrder) places.taking(merchant, { seq, key }, inserting);
    const inserted = await inserting;
    if (!inserted.ok) return 'taken';
    places.took(merchant, [{ seq, key }]);
    put(inserted.doc);
    return 'ok';
  };
  return {
    async last({ again }) {
      const known = again ? undefined : places.last(merchant);
      if (known !== undefined) return known;
      const { docs } = await deps.events.find({ index: 'by_seq', equals: { merchant }, order: 'desc', limit: 1 });
      places.took(merchant, docs);
      return docs[0]?.seq ?? (await floor());
    },
    async claim({ from }) {
      const inserted = await deps.claims.insert({ id: claimId(merchant, key), merchant, key, from });
      return inserted.ok ? 'ok' : 'taken';
    },
    floor,
    'read claim': () => deps.claims.get(claimId(merchant, key)),
    insert: ({ seq }) => (deps.commitsInOrder ? insert(seq) : places.turn(merchant, () => insert(seq))),
    async read({ seq }) {
      const known = places.run(merchant, seq);
      const own = known.find((place) => place.key === key);
      // What another publisher here is just writing is not published yet.
      const certain = !own || (await places.certain(merchant, own.seq));
      if (certain && known.length > 0) return known;
      const run = await runFrom(deps, merchant, seq, runLength);
      places.took(merchant, run);
      return run;
    },
    'check floor': floor,
  };
}

function eventAt({ clock, plan }: FeedDeps, event: NewEvent, seq: number): Omit<StoredEvent, 'rev' | 'v'> {
  const { merchant, key, type, about, data, at } = event;
  const now = clock.now();
  const reactions = (plan?.(event) ?? []).map(
    (name) => ({ name, state: 'waiting', tries: 0, nextAt: now, attempts: [] }) as const,
  );
  const id = eventId(merchant, seq);
  const doc = {
    id,
    merchant,
    seq,
    key,
    type,
    createdAt: at,
    about,
    data,
    reactions: [],
    expiresAt: now + keepEventsMs,
  };
  return withReactions(doc, reactions);
}

export async function floorOf({ floors }: Pick<FeedCollections, 'floors'>, merchant: string): Promise<number> {
  return (await floors.get(merchant))?.floor ?? 0;
}

/** The events from `seq` on, up to the first place that can't be seen. */
export async function runFrom(
  { events }: Pick<FeedCollections, 'events'>,
  merchant: string,
  seq: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const { docs } = await events.find({ index: 'by_seq', equals: { merchant }, range: { from: seq }, limit });
  const end = docs.findIndex((event, index) => event.seq !== seq + index);
  return end === -1 ? docs : docs.slice(0, end);
}

const cursorOf = (merchant: string, seq: number): string =>
  encodeCursor(binding('events', merchant), { values: [seq], id: 'seq' });

function placeOf(merchant: string, cursor: string): number {
  const [seq] = decodeCursor(cursor, binding('events', merchant), 1).values;
  if (typeof seq !== 'number' || seq < 0) throw new BadCursor('This is not a place in the feed');
  return seq;
}

async function read(deps: FeedDeps, { merchant, after, limit }: ReadFeed): Promise<FeedPage> {
  const place = after === undefined ? await floorOf(deps, merchant) : placeOf(merchant, after);
  // From the place itself on: that it is there tells a cursor at the end of the feed from one of a feed that was never as long.
  const run = place === 0 ? [] : await runFrom(deps, merchant, place, limit + 1);
  if (run.length === 0) await checkPlace(deps, merchant, place);
  const found = run.length > 0 ? run.slice(1) : await runFrom(deps, merchant, place + 1, limit);
  return { events: found, next: cursorOf(merchant, found.at(-1)?.seq ?? place) };
}

/** The event at the cursor can't be seen: its feed was never as long, or what follows it may be gone. */
async function checkPlace(deps: FeedDeps, merchant: string, place: number): Promise<void> {
  const floor = await floorOf(deps, merchant);
  if (place > floor) throw new BadCursor('This is not a place in the feed');
  if (place < floor) {
    throw new ApiError(
      'cursor_expired',
      'Start without a cursor, and compare with `GET /payments` what you may have missed.',
    );
  }
}
