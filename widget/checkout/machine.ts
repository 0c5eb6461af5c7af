/** Where a checkout stands. `form` is said to be *ready* when pressing the pay button opens the provider's window in the same task. */
export const states = [
  'loading',
  'form',
  'opening',
  'paying',
  'verifying',
  'success',
  'pending',
  'failed',
  'canceled',
  'error',
] as const;
export type State = (typeof states)[number];

export const happenings = [
  'shown',
  'pressed',
  'opened',
  'notOpened',
  'asked',
  'stillOpen',
  'paid',
  'issued',
  'declined',
  'closed',
  'ended',
  'mistake',
  'again',
  'changed',
] as const;
/**
 * `shown` there is something to pay · `pressed` the pay button · `opened` the provider was called · `notOpened` no window came, or not in
 * time · `asked` our server is asked how it stands · then its answer: `stillOpen` nothing is known to have happened, `paid`, `issued` an
 * account waits for a deposit, `declined`, `closed` by the shopper, `ended` it can't be paid any more · `mistake` only the site owner can
 * mend it · `again` the shopper goes on · `changed` the page wants another order.
 */
export type Happening = (typeof happenings)[number];

/**
 * The whole table. What is not in it changes nothing. While money may be moving (`busy`) neither a changed page, nor a mistake, nor another
 * press leads away: only the server's answer does.
 */
const table: Readonly<Record<State, Partial<Record<Happening, State>>>> = {
  loading: {
    shown: 'form',
    asked: 'verifying',
    paid: 'success',
    issued: 'pending',
    declined: 'failed',
    closed: 'canceled',
    ended: 'failed',
    mistake: 'error',
  },
  form: {
    pressed: 'opening',
    opened: 'paying',
    asked: 'verifying',
    paid: 'success',
    issued: 'pending',
    ended: 'failed',
    mistake: 'error',
    changed: 'loading',
  },
  opening: {
    opened: 'paying',
    notOpened: 'form',
    asked: 'verifying',
    paid: 'success',
    issued: 'pending',
    ended: 'failed',
    mistake: 'error',
  },
  paying: { notOpened: 'form', asked: 'verifying', paid: 'success', issued: 'pending' },
  verifying: {
    stillOpen: 'form',
    paid: 'success',
    issued: 'pending',
    declined: 'failed',
    closed: 'canceled',
    ended: 'failed',
  },
  success: { changed: 'loading' },
  // The money of an issued account may still come: another order doesn't take the account number off the page.
  pending: { asked: 'verifying', paid: 'success', ended: 'failed', again: 'form' },
  failed: {
    again: 'form',
    asked: 'verifying',
    paid: 'success',
    issued: 'pending',
    mistake: 'error',
    changed: 'loading',
  },
  canceled: {
    again: 'form',
    asked: 'verifying',
    paid: 'success',
    issued: 'pending',
    ended: 'failed',
    mistake: 'error',
    changed: 'loading',
  },
  error: { again: 'loading', paid: 'success', issued: 'pending', changed: 'loading' },
};

/** The next state; the same one where the happening means nothing. */
export const next = (state: State, happening: Happening): State => table[state][happening] ?? state;

/** Money may be moving: nothing else may be started, and nothing may lead away. */
export const busy = (state: State): boolean => state === 'opening' || state === 'paying' || state === 'verifying';
