import {
  type AnswerTo,
  type At,
  firstStep,
  type Rules,
  type Step,
  type StepOf,
} from '../../../server/events/publisher.js';

/**
 * Every order in which publishers can make their calls to the store, with a crash of any of them anywhere, walked through once for each
 * state that can come of it. The store is a sharded one at its worst: what was inserted is taken at once for others, and seen by reads
 * only later, before its writer hears that it is done.
 */
export interface Case {
  /** For each publisher the keys that it publishes, in order. `A1` and `A2` are two events of the payment A. */
  readonly publishers: readonly (readonly string[])[];
  /** How many of them may crash. */
  readonly crashes: number;
  readonly rules: Rules;
}

export interface Walked {
  readonly states: number;
  readonly ends: number;
  /** What broke first; undefined: nothing ever did. */
  readonly broken?: string;
}

interface Writer {
  readonly keys: readonly string[];
  /** How many of its keys are published. */
  readonly told: number;
  readonly step: Step;
  /** Its insert is done, and not yet seen nor answered. */
  readonly committing?: true;
  readonly crashed?: true;
}

interface State {
  readonly writers: readonly Writer[];
  /** By place: 1 is the first. */
  readonly events: readonly { readonly key: string; readonly seen: boolean }[];
  readonly claims: Readonly<Record<string, { readonly from: number; readonly seen: boolean }>>;
  readonly crashes: number;
}

class Broken extends Error {}

export function walk({ publishers, crashes, rules }: Case): Walked {
  const writers = publishers.map((keys): Writer => ({ keys, told: 0, step: firstStep }));
  const start: State = { writers, events: [], claims: {}, crashes };
  const known = new Set([nameOf(start)]);
  const open = [start];
  let ends = 0;
  try {
    for (let state = open.pop(); state; state = open.pop()) {
      const nexts = successors(state, rules);
      if (state.writers.every(isOver)) {
        ends++;
        checkEnd(recovered(state, rules));
      }
      for (const next of nexts) {
        const name = nameOf(next);
        if (known.has(name)) continue;
        known.add(name);
        checkAlways(next);
        open.push(next);
      }
    }
  } catch (error) {
    if (error instanceof Broken) return { states: known.size, ends, broken: error.message };
    throw error;
  }
  return { states: known.size, ends };
}

const isOver = ({ crashed, told, keys }: Writer) => crashed === true || told === keys.length;

/** Two writers of the same keys are as good as each other: which is which makes no other state. */
const nameOf = ({ writers, events, claims, crashes }: State): string => {
  const name = [writers.map(writerName).sort().join(), events.map(({ key, seen }) => key + mark(seen)).join()];
  for (const key of Object.keys(claims).sort()) name.push(`${key}${claims[key]?.from}${mark(claims[key]?.seen)}`);
  return `${name.join('|')}|${crashes}`;
};

const mark = (seen: boolean | undefined) => (seen ? '' : '?');

function writerName(writer: Writer): string {
  if (isOver(writer)) return `${writer.keys.length}`;
  const { keys, told, step, committing } = writer;
  return `${keys.join('')}${told}${committing ? '!' : ''}${Object.values(step).join('.')}`;
}

function successors(state: State, rules: Rules): State[] {
  const next: State[] = [];
  state.writers.forEach((writer, index) => {
    if (isOver(writer)) return;
    next.push(moved(state, index, rules));
    if (state.crashes > 0) {
      next.push({ ...withWriter(state, index, { ...writer, crashed: true }), crashes: state.crashes - 1 });
    }
  });
  // What was inserted comes to light at some time, whether its writer hears of that or crashed.
  if (!isAllSeen(state)) next.push(allSeen(state));
  return next;
}

const isAllSeen = ({ events, claims }: State) => [...events, ...Object.values(claims)].every(({ seen }) => seen);

const allSeen = (state: State): State => ({
  ...state,
  events: state.events.map((event) => ({ ...event, seen: true })),
  claims: Object.fromEntries(Object.entries(state.claims).map(([key, claim]) => [key, { ...claim, seen: true }])),
});

const withWriter = (state: State, index: number, writer: Writer): State => ({
  ...state,
  writers: state.writers.map((old, at) => (at === index ? writer : old)),
});

/** The writer at `index` makes its next call, or hears the answer to its insert. */
function moved(state: State, index: number, rules: Rules): State {
  const writer = state.writers[index] as Writer;
  const key = writer.keys[writer.told] as string;
  const { step, committing, ...rest } = writer;
  const { next, answer } = committing ? committed(state, step, key) : called(state, step, key);
  if (answer === undefined) return withWriter(next, index, { ...rest, step, committing: true });
  const after = (rules[step.at as At] as (step: Step, answer: unknown, key: string) => Step)(step, answer.is, key);
  if (after.at !== 'published') return withWriter(next, index, { ...rest, step: after });
  const event = next.events[after.seq - 1];
  if (event?.key !== key || !event.seen) throw new Broken(`${key} is called published, and is not`);
  return withWriter(next, index, { ...rest, told: writer.told + 1, step: firstStep });
}

/** `answer` undefined: the insert is under way. */
interface Called {
  readonly next: State;
  readonly answer?: { readonly is: unknown };
}

const answers: { readonly [A in At]: (state: State, step: StepOf<A>, key: string) => AnswerTo<A> | State } = {
  last: ({ events }) => events.findLastIndex(({ seen }) => seen) + 1,
  floor: () => 0,
  'check floor': () => 0,
  'read claim': ({ claims }, _step, key) => (claims[key]?.seen ? claims[key] : undefined),
  claim: (state, { from }, key) =>
    state.claims[key] ? 'taken' : { ...state, claims: { ...state.claims, [key]: { from, seen: false } } },
  insert(state, { seq }, key) {
    if (state.events[seq - 1]) return 'taken';
    if (seq !== state.events.length + 1) throw new Broken(`${key} is put at ${seq}, behind a gap`);
    return { ...state, events: [...state.events, { key, seen: false }] };
  },
  read({ events }, { seq }) {
    const rest = events.slice(seq - 1);
    const end = rest.findIndex(({ seen }) => !seen);
    return (end === -1 ? rest : rest.slice(0, end)).map((event, index) => ({ key: event.key, seq: seq + index }));
  },
};

function called(state: State, step: Step, key: string): Called {
  const result = (answers[step.at as At] as (state: State, step: Step, key: string) => unknown)(state, step, key);
  const inserted = typeof result === 'object' && result !== null && 'writers' in result;
  return inserted ? { next: result as State } : { next: state, answer: { is: result } };
}

function committed(state: State, step: Step, key: string): Called {
  const answer = { is: 'ok' };
  if (step.at === 'claim') {
    const claim = state.claims[key] as State['claims'][string];
    return { next: { ...state, claims: { ...state.claims, [key]: { ...claim, seen: true } } }, answer };
  }
  const { seq } = step as StepOf<'insert'>;
  const events = state.events.map((event, index) => (index === seq - 1 ? { ...event, seen: true } : event));
  return { next: { ...state, events }, answer };
}

/** Of a key one event, and of a payment its events in their order. */
function checkAlways({ events }: State): void {
  const keys = events.map(({ key }) => key);
  keys.forEach((key, index) => {
    if (keys.indexOf(key) !== index) throw new Broken(`${key} is told twice: ${keys.join()}`);
    const earlier = key.endsWith('2') ? `${key.slice(0, -1)}1` : undefined;
    if (earlier !== undefined && !keys.slice(0, index).includes(earlier)) {
      throw new Broken(`${key} is told before ${earlier}`);
    }
  });
}

/** Someone comes after the crashes and publishes all that may not be. */
function recovered(state: State, rules: Rules): State {
  let current: State = allSeen({ ...state, writers: [] });
  for (const { keys } of state.writers) {
    current = { ...current, writers: [{ keys, told: 0, step: firstStep }] };
    for (let calls = 0; !current.writers.every(isOver); calls++) {
      if (calls > 200) throw new Broken('what is left can not be published');
      current = moved(current, 0, rules);
    }
  }
  return { ...current, writers: state.writers };
}

function checkEnd(state: State): void {
  checkAlways(state);
  const expected = [...new Set(state.writers.flatMap(({ keys }) => keys))].sort();
  const told = state.events.map(({ key }) => key).sort();
  if (told.join() !== expected.join()) throw new Broken(`told are ${told.join()} instead of ${expected.join()}`);
}
