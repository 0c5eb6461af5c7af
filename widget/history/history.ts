import type { MyPaymentRow, MyPayments } from '../../contract/index.js';
import { type ApiFailure, type Call, createApi } from '../checkout/api.js';
import type { Environment } from '../checkout/environment.js';
import type { HistoryPlan, HistorySnapshot } from './page.js';

/** Why a token is asked for: there is none, its time is over, or the server does not believe it. */
export type TokenReason = 'missing' | 'expired' | 'refused';

export interface HistoryDeps {
  env: Environment;
  /** It is on a page. */
  isOn(): boolean;
  plan(): HistoryPlan;
  /** A page, as the plan is now. Rejects with `ApiFailure`. */
  read(query: Record<string, string>, more: Partial<Call>): Promise<MyPayments>;
  /** What is shown, by whomever it was read. */
  now(): HistorySnapshot;
  show(now: HistorySnapshot): void;
  /** The page is to be asked for a token. `isTooOften`: it brought none that was any good, again and again. */
  onLack(reason: TokenReason, detail: string, isTooOften: boolean): void;
}

/** Some happenings come in crowds. */
const gatherMs = 100;
const waitSeconds = 25;
const patienceMs = 40_000;
/** Between two questions while nothing happens: a server, or a proxy, that holds none is not asked without a break. */
const pauseMs = 2_000;
const afterFailureMs = 15_000;
/** Between two looks while nothing is open: a merchant may refund what is settled. A wait would cost the server a read each five seconds. */
const idleMs = 30_000;
const largestPage = 100;
const mostRefusals = 3;

/**
 * Keeps a shopper's payments up to date: renewed when something happens in the page, by the server's long poll while any of them is open,
 * and else by a look now and then. No DOM, no Lit. What was shown stays while it can't be renewed.
 */
export class History {
  readonly #deps: HistoryDeps;
  #asking = new AbortController();
  #askingMore = new AbortController();
  #cancelPause: (() => void) | undefined;
  /** The pause is a long one, since nothing was open. */
  #isIdle = false;
  #refusals = 0;
  #reason: TokenReason = 'missing';
  #refused: string | undefined;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
  }

  /** Something may have happened: looks, now. */
  renew(): void {
    this.#after(gatherMs, () => this.#look());
  }

  /** Goes on from what was read elsewhere. */
  follow(): void {
    this.#goOn(0);
  }

  /** Nothing is asked any more, until somebody wants to know. */
  rest(): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    this.#asking.abort();
  }

  /** The page says something else: of the same person what is shown stays, of another nothing is left. */
  replan(before: HistoryPlan | undefined, shown: HistorySnapshot): void {
    const { plan, show } = this.#deps;
    const { server, merchant, token } = plan();
    const person = personOf(token);
    const isSame =
      person && person === personOf(before?.token) && server === before?.server && merchant === before.merchant;
    this.rest();
    this.#askingMore.abort();
    if (!isSame) this.#refusals = 0;
    show(isSame ? { ...shown, more: undefined } : {});
    this.renew();
  }

  /** The shopper wants another try: the page is asked for a token once more, if that is what is missing. */
  retry(): void {
    this.#refusals = 0;
    if (this.#deps.now().trouble === 'token') this.#lack();
    else this.renew();
  }

  /** The next page; who shows the list says meanwhile that it is on its way. */
  async more(): Promise<void> {
    const { read, plan, now, show } = this.#deps;
    const { next } = now();
    if (next === undefined) return;
    this.#askingMore = new AbortController();
    const { signal } = this.#askingMore;
    try {
      const page = await read({ limit: `${plan().limit}`, after: next }, { signal });
      if (signal.aborted) return;
      const { rows = [] } = now();
      const added = page.data.filter(({ id }) => rows.every((row) => row.id !== id));
      show({ ...now(), rows: [...rows, ...added], next: page.next, more: undefined });
      this.#goOn(0);
    } catch {
      if (signal.aborted) return;
      show({ ...now(), more: 'failed' });
      // It may be the token's time that is over.
      this.renew();
    }
  }

  /** A request as this shopper. Rejects with `ApiFailure`. */
  async call(request: Call): Promise<void> {
    const { server, token = '' } = this.#deps.plan();
    await createApi(this.#deps.env, server).call({ ...request, token });
  }

  /** A question that was not answered as it should be. `token`: what it was asked with. */
  fail(failure: ApiFailure, token: string | undefined): void {
    const { env, now, show } = this.#deps;
    if (failure.status === 401) {
      this.#refused = token;
      this.#refusals += 1;
      this.#lack(failure.code === 'customer_token_expired' ? 'expired' : 'refused', failure.message);
      return;
    }
    const trouble = !failure.isPassing ? 'mistake' : env.isOnline() ? 'server' : 'offline';
    show({ ...now(), trouble, failure });
    this.#goOn(afterFailureMs);
  }

  /** One question at a time: a newer one ends the one before. `isWaiting`: it need not be answered before there is news. */
  async #look(isWaiting = false): Promise<void> {
    this.rest();
    const { read, plan, now, show } = this.#deps;
    const { token, limit } = plan();
    if (!token) this.#lack('missing');
    if (!token || token === this.#refused) return;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const { rows = [], seen = '' } = now();
    const count = Math.min(Math.max(limit, rows.length), largestPage);
    const wait = isWaiting && { seen, wait: `${waitSeconds}` };
    try {
      const query = { limit: `${count}`, ...wait };
      const page = await read(query, { signal, ...(isWaiting && { timeout: patienceMs }) });
      if (signal.aborted) return;
      this.#refusals = 0;
      show(renewed(now(), page));
      this.#goOn(isWaiting && seen === page.version ? pauseMs : 0);
    } catch (error) {
      if (!signal.aborted) this.fail(error as ApiFailure, token);
    }
  }

  /** As long as there are payments and somebody looks; a look that is wanted sooner stays. */
  #goOn(pause: number): void {
    const { rows = [] } = this.#deps.now();
    const isOpen = rows.some(isLive);
    if (rows.length === 0 || (this.#cancelPause && !(isOpen && this.#isIdle))) return;
    this.#isIdle = !isOpen;
    this.#after(isOpen ? pause : idleMs, () => this.#look(isOpen));
  }

  #lack(reason = this.#reason, detail = ''): void {
    this.#reason = reason;
    this.#deps.onLack(reason, detail, this.#refusals >= mostRefusals);
  }

  #after(ms: number, act: () => void): void {
    this.#cancelPause?.();
    this.#cancelPause = undefined;
    const { env, isOn } = this.#deps;
    if (!isOn() || !env.isVisible()) return;
    this.#cancelPause = env.after(ms, () => {
      this.#cancelPause = undefined;
      act();
    });
  }
}

/** It is open, and likely to change without the shopper's doing: for an account it waits for the shopper. */
const isLive = ({ status, processing, refunds }: MyPaymentRow): boolean =>
  processing || status === 'pending' || !!refunds?.some(({ state }) => !/^(done|failed|needs_account)$/.test(state));

/**
 * Whose token this is, as it says itself: only to know whether another one is of the same person. It proves nothing; the server checks
 * tokens. `undefined`: it is no readable JWT.
 */
function personOf(token = ''): string | undefined {
  try {
    // Letters beyond ASCII come out odd, and the same each time.
    const { iss, sub } = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return JSON.stringify([iss, sub]);
  } catch {
    return undefined;
  }
}

const place = ({ createdAt, id }: MyPaymentRow) => createdAt + id;

/** The newest page once more: what is older than it stays as it was. */
function renewed(before: HistorySnapshot, { data, next, version }: MyPayments): HistorySnapshot {
  const last = data.at(-1);
  const older = next === undefined ? [] : (before.rows ?? []).filter((row) => !last || place(row) < place(last));
  return {
    ...before,
    rows: [...data, ...older],
    next: older.length > 0 ? before.next : next,
    seen: version,
    trouble: undefined,
  };
}
