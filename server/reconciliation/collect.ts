import type { ComparisonCounts } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import { type PaymentDeps, placeOf } from '../payments/deps.js';
import { attemptOf, type Payment, parseOrderId } from '../payments/payment.js';
import { type Account, belongs } from './accounts.js';
import { compare, isMoney, joined, lineOf, onItsWayMs, type Theirs, type Verdict } from './comparison.js';
import { type Finding, type FindingKind, maxSamples, maxTodo, type Side, type Todo } from './report.js';

/** What a comparison found, before anything is done about it. */
export interface Collected {
  readonly complete: boolean;
  readonly counts: ComparisonCounts;
  readonly findings: readonly Finding[];
  readonly todo: readonly Todo[];
}

export interface CollectOptions {
  /** Lines of the provider's list asked for at once. */
  readonly pageSize: number;
  /** Pages in all; what is beyond is left out, and the report says so. */
  readonly maxPages: number;
  /** Called between pages: says that we are still at it. Throws when somebody else took over. */
  readonly keep: () => Promise<void>;
}

export type CollectOutcome = Collected | { readonly problem: 'unreachable' | 'misconfigured'; readonly reason: string };

interface Range {
  readonly from: Instant;
  readonly until: Instant;
}

/** How many payments are read at once. */
const atOnce = 16;
/** Payments that only we know of are looked up one by one; more than so many mean that the list is at fault, not they. */
const maxLookups = 200;

/** Reads both books and compares them. Writes nothing and moves nothing: it may be done again from the start at any time. */
export async function collect(
  deps: PaymentDeps,
  account: Account,
  range: Range,
  options: CollectOptions,
): Promise<CollectOutcome> {
  const listed = await listTheirs(account, range, options);
  if ('problem' in listed) return listed;
  const tally = createTally(listed.unread);
  const lines = [...listed.theirs.values()];
  for (let at = 0; at < lines.length; at += atOnce) {
    await Promise.all(lines.slice(at, at + atOnce).map((line) => compareLine(deps, account, line, range, tally)));
    if (at % (atOnce * 32) === 0) await options.keep();
  }
  const problem = await compareOurs(deps, account, range, listed, options, tally);
  if (problem) return problem;
  return { complete: listed.complete, ...tally.result() };
}

interface Listed {
  readonly theirs: ReadonlyMap<string, Theirs>;
  readonly unread: number;
  readonly complete: boolean;
}

async function listTheirs(
  { provider, channels: [channel] }: Account,
  range: Range,
  { pageSize, maxPages, keep }: CollectOptions,
): Promise<Listed | Extract<CollectOutcome, { problem: unknown }>> {
  const theirs = new Map<string, Theirs>();
  let unread = 0;
  let after: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const query = { ...range, limit: pageSize, ...(after !== undefined && { after }) };
    const page = await provider.listPayments(channel, query);
    if (page.outcome === 'unknown') return { problem: 'unreachable', reason: page.detail };
    if (page.outcome === 'misconfigured') return { problem: 'misconfigured', reason: page.code };
    joined(page.payments, theirs);
    unread += page.unread;
    after = page.next;
    if (after === undefined) return { theirs, unread, complete: true };
    await keep();
  }
  return { theirs, unread, complete: false };
}

async function compareLine(deps: PaymentDeps, account: Account, line: Theirs, { until }: Range, tally: Tally) {
  const named = parseOrderId(line.orderId);
  if (!named) return isMoney(line) ? tally.count('notOurs') : undefined;
  const payment = await deps.payments.get(named.payment);
  const place = payment && belongs(deps, account, payment, named.attempt);
  if (place === 'shared') return isMoney(line) ? tally.count('notOurs') : undefined;
  const ours = place === 'here' ? payment : undefined;
  tally.verdict(compare(line, ours, named.attempt, until), line, ours, named.attempt);
}

/** What we hold for paid and the list does not have: asked about by its order id, since a list may lag behind. Changes nothing here. */
async function compareOurs(
  deps: PaymentDeps,
  account: Account,
  { from, until }: Range,
  listed: Listed,
  { keep }: CollectOptions,
  tally: Tally,
): Promise<Extract<CollectOutcome, { problem: unknown }> | undefined> {
  // A list that was cut off says nothing of what is not on it.
  if (!listed.complete) return undefined;
  let lookups = 0;
  let after: string | undefined;
  do {
    const page = await deps.payments.find({
      index: 'by_paid',
      equals: { merchant: account.merchant.id },
      // At its edges the provider's clock and ours may not agree on what is within.
      range: { from: from + onItsWayMs, to: until - onItsWayMs },
      limit: 200,
      ...(after !== undefined && { after }),
    });
    for (const payment of page.docs) {
      const record = missing(deps, payment, account, listed.theirs);
      if (record === undefined) continue;
      if (++lookups > maxLookups) {
        tally.onlyOurs(payment);
        continue;
      }
      const looked = await account.provider.lookup(channelOf(account, payment), record);
      if (looked.outcome === 'unknown') return { problem: 'unreachable', reason: looked.detail };
      if (looked.outcome === 'misconfigured') return { problem: 'misconfigured', reason: looked.code };
      const found = looked.outcome === 'done' && looked.records.find((one) => one.record === record.record);
      const no = payment.paidBy?.attempt ?? 0;
      if (found) {
        const line = lineOf(found, found.paidAt ?? from);
        tally.verdict(compare(line, payment, no, until), line, payment, no);
      } else tally.onlyOurs(payment);
      await keep();
    }
    after = page.next;
    await keep();
  } while (after !== undefined);
  return undefined;
}

function missing(deps: PaymentDeps, payment: Payment, account: Account, theirs: ReadonlyMap<string, Theirs>) {
  const { paidBy } = payment;
  const attempt = paidBy && !paidBy.reversed ? attemptOf(payment, paidBy.attempt) : undefined;
  if (!paidBy || !attempt || attempt.provider !== account.provider.name || theirs.has(paidBy.record)) return undefined;
  // Of a channel that was another store's then, this list says nothing.
  const place = placeOf(deps, payment, attempt);
  const isHere = account.channels.some(({ id }) => id === place?.channel.id);
  return isHere ? { orderId: attempt.orderId, record: paidBy.record } : undefined;
}

function channelOf(account: Account, payment: Payment) {
  const attempt = attemptOf(payment, payment.paidBy?.attempt ?? 0);
  return account.channels.find(({ id }) => id === attempt?.channel) ?? account.channels[0];
}

interface Tally {
  count(what: keyof ComparisonCounts): void;
  verdict(verdict: Verdict, line: Theirs, payment: Payment | undefined, no: number): void;
  onlyOurs(payment: Payment): void;
  result(): Omit<Collected, 'complete'>;
}

function createTally(unread: number): Tally {
  const counts: ComparisonCounts = {
    ...{ both: 0, differing: 0, onlyTheirs: 0, onlyOurs: 0, onTheirWay: 0, notOurs: 0, unread },
  };
  const findings: Finding[] = [];
  const todo: Todo[] = [];
  const found = (kind: FindingKind, finding: Omit<Finding, 'kind'>) => {
    counts[kind]++;
    if (findings.filter((one) => one.kind === kind).length < maxSamples) findings.push({ kind, ...finding });
  };
  return {
    count(what) {
      counts[what]++;
    },
    verdict(verdict, line, payment, no) {
      const about = { orderId: line.orderId, record: line.record, theirs: sideOf(line) };
      switch (verdict.kind) {
        case 'nothing':
          return;
        case 'both':
          counts.both++;
          return;
        case 'on_its_way':
          counts.onTheirWay++;
          return;
        case 'without_order':
          return found('onlyTheirs', about);
        case 'differing': {
          if (!payment) return;
          const ours = ourSide(payment, no, line.record);
          found('differing', { ...about, payment: payment.id, differs: verdict.differs, ...(ours && { ours }) });
          if (todo.length < maxTodo) todo.push({ payment: payment.id, attempt: no, record: line.record });
        }
      }
    },
    onlyOurs(payment) {
      const { attempt: no, record } = payment.paidBy ?? { attempt: 0, record: '' };
      const ours = ourSide(payment, no, record);
      const orderId = attemptOf(payment, no)?.orderId ?? payment.id;
      found('onlyOurs', { orderId, record, payment: payment.id, ...(ours && { ours }) });
    },
    result: () => ({ counts, findings, todo }),
  };
}

const sideOf = ({ state, amount, currency, cancelled, at }: Theirs): Side => ({
  state: state ?? 'canceled',
  ...(amount !== undefined && { amount }),
  currency,
  ...(cancelled !== undefined && { cancelled }),
  at,
});

/** What we know of the record; of one that is new to us, what its attempt is. */
function ourSide(payment: Payment, no: number, record: string): Side | undefined {
  const attempt = attemptOf(payment, no);
  const known = attempt?.records.find((one) => one.record === record);
  if (known) {
    const { state, amount, currency, cancelled, paidAt } = known;
    return { state, amount, currency, cancelled, ...(paidAt !== undefined && { at: paidAt }) };
  }
  return attempt && { state: attempt.state, amount: attempt.amount, currency: attempt.currency };
}
