/**
 * How one event gets its place in the feed, as data: each step is one call to the store, each answer leads to the next step. Any number
 * of publishers, on any number of servers, may be anywhere in it at once, and stop anywhere for ever.
 *
 * A key is claimed first, with the place from which its event is looked for; whoever comes later looks from the same place on. Walking up
 * from there, every place is either the key's own event (then it is published), another's (then the next one), or free (then it is put
 * there). So a key is put at two places by nobody, and no place is left out.
 */
export type Step = { [A in At]: StepOf<A> }[At] | Published;
export type StepOf<A extends At> = { [P in A]: { readonly at: P } & Steps[P] }[A];
export type At = keyof Steps & keyof Answers;
export type Published = { readonly at: 'published'; readonly seq: number };

interface Steps {
  /** The highest place taken; 0 if there is none. */
  readonly last: Again;
  readonly claim: { readonly from: number };
  /** Before the claim is read: see `floor` below. */
  readonly floor: object;
  readonly 'read claim': { readonly floor: number };
  readonly insert: Again & { readonly seq: number; readonly fresh: boolean };
  /** The events from this place on, as far as they follow each other. */
  readonly read: { readonly seq: number; readonly fresh: boolean };
  readonly 'check floor': { readonly seq: number };
}

interface Again {
  /** What must be there could not be seen yet: ask again, a little later. */
  readonly again?: true;
}

interface Answers {
  readonly last: number;
  readonly claim: 'ok' | 'taken';
  readonly floor: number;
  readonly 'read claim': { readonly from: number; readonly seq?: number } | undefined;
  readonly insert: 'ok' | 'taken';
  readonly read: readonly { readonly seq: number; readonly key: string }[];
  readonly 'check floor': number;
}
export type AnswerTo<A extends At> = Answers[A];

export const firstStep: Step = { at: 'last' };

/** The next step of publishing `key`, after `answer` to a step of that kind. */
export type Rules = { readonly [A in At]: (step: StepOf<A>, answer: Answers[A], key: string) => Step };

export const rules: Rules = {
  last: (_step, last) => ({ at: 'claim', from: last + 1 }),

  claim: ({ from }, answer) => (answer === 'ok' ? { at: 'insert', seq: from, fresh: true } : { at: 'floor' }),

  floor: (_step, floor) => ({ at: 'read claim', floor }),

  // A claim is marked with its event's place before the floor rises above that. Read after the floor and not marked, its event is not
  // below it; and what would be put there now, nobody would read.
  'read claim': ({ floor }, claim) => {
    if (!claim) return { at: 'last', again: true };
    if (claim.seq !== undefined) return { at: 'published', seq: claim.seq };
    return { at: 'insert', seq: Math.max(claim.from, floor + 1), fresh: false };
  },

  insert: ({ seq, fresh }, answer) => {
    if (answer === 'taken') return { at: 'read', seq, fresh };
    return fresh ? { at: 'published', seq } : { at: 'check floor', seq };
  },

  read: ({ seq, fresh }, run, key) => {
    const own = run.find((event) => event.key === key);
    if (own) return { at: 'published', seq: own.seq };
    if (run.length === 0) return { at: 'insert', seq, fresh, again: true };
    return { at: 'insert', seq: seq + run.length, fresh };
  },

  // The place became free by the removal of old events while we were on the way: below the floor it would never be read.
  'check floor': ({ seq }, floor) =>
    floor < seq ? { at: 'published', seq } : { at: 'insert', seq: floor + 1, fresh: false },
};
