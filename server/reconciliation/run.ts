import type { ComparisonProblem, FindingEnd } from '../../contract/index.js';
import { day, hour, type Instant, minute } from '../ops/clock.js';
import type { PaymentDeps } from '../payments/deps.js';
import { backoff } from '../payments/due-times.js';
import { attemptOf } from '../payments/payment.js';
import type { Settler } from '../payments/settle.js';
import { type Account, accountWith } from './accounts.js';
import { type Collected, collect } from './collect.js';
import { holdsMoney } from './comparison.js';
import { type Comparisons, type Hold, Lost, take } from './hold.js';
import { type Comparison, type Finding, keepReportsMs, type Todo, windowMs } from './report.js';

export interface RunDeps {
  readonly comparisons: Comparisons;
  readonly payments: PaymentDeps;
  readonly settler: Settler;
  /** This process, as no other is called. */
  readonly owner: string;
  readonly pageSize: number;
  readonly isStopping: () => boolean;
}

/** Waits while the provider does not answer; the last one repeats until the next day's comparison takes over. */
const backoffMs = [1 * minute, 5 * minute, 15 * minute, 1 * hour];
/** Rounds of looking up what was found, before a difference is left to the next day. */
const maxRounds = 10;
const maxPages = 2_000;
/** Differences settled between two writes of the progress. */
const chunk = 10;

/** Undefined: not due, or another server has it. */
export const begin = (deps: RunDeps, id: string): Promise<Hold | undefined> =>
  take(deps.comparisons, deps.payments.clock, deps.owner, id, deps.isStopping);

/**
 * Takes one comparison as far as it gets: compare, write down what was found, then settle it, piece by piece. A stop before the findings are
 * written starts the comparing again, one after it goes on with the settling; both may be done any number of times.
 */
export async function proceed(deps: RunDeps, hold: Hold): Promise<void> {
  try {
    if (hold.doc.state === 'done') await deps.comparisons.remove(hold.doc.id, hold.doc.rev);
    if (hold.doc.state === 'waiting') await compareBooks(deps, hold);
    if (hold.doc.state === 'settling') await settleFindings(deps, hold);
  } catch (error) {
    // Another server goes on with it, or whoever comes when the lease is over.
    if (!(error instanceof Lost)) throw error;
  }
}

async function compareBooks(deps: RunDeps, hold: Hold): Promise<void> {
  const { clock } = deps.payments;
  const { merchant, provider, channels, scheduledFor } = hold.doc;
  const account = accountWith(deps.payments, merchant, provider, channels);
  if (!account) return finish(deps, hold, { problem: 'not_configured' });
  const until = clock.now();
  const range = { from: until - windowMs, until };
  const found = await collect(deps.payments, account, range, { pageSize: deps.pageSize, maxPages, keep: hold.keep });
  if (!('problem' in found)) {
    const { problem: _over, ...doc } = hold.doc;
    // Before it is written: rather twice than never.
    raiseAlarms(deps, account, found);
    return hold.write({ ...doc, ...range, ...found, state: 'settling', tries: 0 });
  }
  const { problem, reason } = found;
  const level = problem === 'misconfigured' ? 'error' : 'warn';
  deps.payments.log[level]('comparison_put_off', { merchant, provider, channel: channels[0] ?? '', reason });
  // The next day's comparison looks at the same days.
  if (clock.now() >= scheduledFor + day) return finish(deps, hold, { problem });
  await putOff(deps, hold, { problem });
}

/** Money that nobody sold anything for, and sales that nobody paid for: a person must look. */
function raiseAlarms(
  { payments: { log } }: RunDeps,
  { merchant, provider, channels }: Account,
  found: Collected,
): void {
  const about = { merchant: merchant.id, provider: provider.name, channel: channels[0].id };
  for (const { kind, record, payment, theirs, ours } of found.findings) {
    const side = theirs ?? ours;
    const sum = {
      ...(side?.amount !== undefined && { amount: side.amount }),
      ...(side && { currency: side.currency }),
    };
    if (kind === 'onlyTheirs' && theirs && holdsMoney(theirs)) {
      log.error('money_without_order', { ...about, record, ...sum });
    }
    if (kind === 'onlyOurs') log.error('sale_without_money', { ...about, record, ...(payment && { payment }), ...sum });
  }
}

async function settleFindings(deps: RunDeps, hold: Hold): Promise<void> {
  let waiting = [...hold.doc.todo];
  const unreachable: Todo[] = [];
  while (waiting.length > 0) {
    await hold.keep();
    const now = waiting.slice(0, chunk);
    const ends = await Promise.all(now.map((todo) => settleOne(deps, hold.doc, todo)));
    waiting = waiting.slice(chunk);
    unreachable.push(...now.filter((_, index) => ends[index] === 'unreachable'));
    const findings = hold.doc.findings.map((finding) => ended(finding, now, ends));
    await hold.write({ ...hold.doc, findings, todo: [...waiting, ...unreachable] });
  }
  if (unreachable.length > 0 && hold.doc.tries < maxRounds) return putOff(deps, hold, {});
  await finish(deps, hold, {});
}

function ended(finding: Finding, todos: readonly Todo[], ends: readonly FindingEnd[]): Finding {
  const index = todos.findIndex(({ payment, record }) => finding.payment === payment && finding.record === record);
  const end = finding.kind === 'differing' ? ends[index] : undefined;
  return end ? { ...finding, end } : finding;
}

/** By our order id and by the record: what the provider says now is written, whatever the list said. */
async function settleOne({ payments, settler }: RunDeps, doc: Comparison, todo: Todo): Promise<FindingEnd> {
  const request = { payment: todo.payment, attempt: todo.attempt, trigger: 'comparison' } as const;
  const hinted = await settler.settle({ ...request, hint: todo.record });
  const settled = hinted?.outcome === 'mismatch' ? await settler.settle(request) : hinted;
  if (!settled) return 'differs';
  if (settled.lookup !== undefined || settled.outcome === 'unreachable' || settled.outcome === 'misconfigured') {
    return 'unreachable';
  }
  const known = attemptOf(settled.payment, todo.attempt)?.records.find(({ record }) => record === todo.record);
  const agrees = known !== undefined && hinted?.outcome !== 'mismatch';
  if (!agrees)
    payments.log.error('comparison_still_differs', { ...placeIn(doc), payment: todo.payment, record: todo.record });
  return agrees ? 'agrees' : 'differs';
}

const placeIn = ({ merchant, provider, channels }: Comparison) => ({ merchant, provider, channel: channels[0] ?? '' });

async function putOff(deps: RunDeps, hold: Hold, more: { readonly problem?: ComparisonProblem }): Promise<void> {
  const tries = hold.doc.tries + 1;
  const dueAt: Instant = deps.payments.clock.now() + backoff(backoffMs, tries);
  await hold.release({ ...hold.doc, ...more, tries, dueAt });
}

async function finish(deps: RunDeps, hold: Hold, more: { readonly problem?: ComparisonProblem }): Promise<void> {
  const finishedAt = deps.payments.clock.now();
  await hold.release({ ...hold.doc, ...more, state: 'done', todo: [], finishedAt, dueAt: finishedAt + keepReportsMs });
  const { counts } = hold.doc;
  const found = (counts?.differing ?? 0) + (counts?.onlyTheirs ?? 0) + (counts?.onlyOurs ?? 0);
  deps.payments.log.info('books_compared', { ...placeIn(hold.doc), count: found });
}
