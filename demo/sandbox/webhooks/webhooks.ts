import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../server/ops/clock.js';
import { minute } from '../../../server/ops/clock.js';
import type { Faults } from '../faults.js';
import type { Attempt, Delivery, DeliveryState, Message } from './delivery.js';
import { isLoopback } from './targets.js';

/**
 * Sends the providers' webhooks. Of one record they go out in order, one at a time; nothing is promised between records, nor between a
 * webhook and the answer to the call that caused it, which usually is first. Attempts become due on the sandbox's clock; no wait has jitter.
 */
export interface Webhooks {
  send(message: Message): void;
  /** Resolves when what has to arrive before a reply has arrived. */
  early(): Promise<void>;
  /** Starts what is due. */
  kick(): void;
  /** Sends what is due and what is under way, and waits for it. Returns how many attempts ended meanwhile. */
  run(): Promise<number>;
  /** One more attempt now, whatever became of it before. */
  resend(id: string): Promise<Delivery | undefined>;
  /** Oldest first. */
  log(): readonly Delivery[];
  /** Forgets everything and breaks off what is under way. */
  reset(): void;
}

export interface WebhookSettings {
  readonly clock: Clock;
  readonly faults: Faults;
  /** How long an answer takes: a webhook waits as long, so that it does not overtake it. */
  latencyMs(): number;
  /** Instead of the providers' own time-outs. */
  readonly timeoutMs?: number | undefined;
  /** Another name that this machine has: the one origin beyond loopback that is called. */
  readonly alsoCalled?: string | undefined;
}

type Row = { -readonly [K in keyof Delivery]: Delivery[K] } & {
  attempts: Attempt[];
  message: Message;
  retried: number;
};

const isOrigin = (url: string, origin: string | undefined): boolean =>
  origin !== undefined && URL.canParse(url) && new URL(url).origin === origin;

/** Finished ones beyond this are forgotten, oldest first. */
const remembered = 5_000;

export function createWebhooks(settings: WebhookSettings): Webhooks {
  const { clock, faults } = settings;
  const rows = new Map<string, Row>();
  const lanes = new Map<string, Promise<void>>();
  const working = new Set<Promise<void>>();
  const early = new Set<Promise<void>>();
  /** Waiting to be overtaken. */
  const held = new Set<Row>();
  let breakOff = new AbortController();
  let made = 0;
  let attempts = 0;

  const laneOf = (row: Row): string => `${row.record} ${row.url}`;

  async function post(row: Row): Promise<boolean> {
    const { message } = row;
    const spoil = row.attempts.length === 0 ? row.fault : undefined;
    const { headers, body } = message.compose({ retried: row.retried, ...(spoil && { spoil }) });
    const signal = AbortSignal.any([breakOff.signal, AbortSignal.timeout(settings.timeoutMs ?? message.timeoutMs)]);
    const at = clock.now();
    try {
      const response = await fetch(row.url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.arrayBuffer();
      row.attempts.push({ at, status: response.status });
      return message.accepts(response.status);
    } catch (error) {
      row.attempts.push({ at, error: wordsOf(error) });
      return false;
    } finally {
      attempts += 1;
    }
  }

  /** One scheduled attempt, and when the next one is due. */
  async function attempt(row: Row): Promise<void> {
    row.state = 'sending';
    held.delete(row);
    delete row.dueAt;
    if (row.fault === 'twice' && row.attempts.length === 0) await post(row);
    if (await post(row)) return settle(row, 'delivered');
    const { message } = row;
    const wait = message.retries[row.retried];
    if (wait === undefined || message.repeats?.(row.attempts.at(-1)?.status) === false) return settle(row, 'given_up');
    row.retried += 1;
    row.state = 'waiting';
    row.dueAt = clock.now() + wait;
  }

  function settle(row: Row, state: DeliveryState): void {
    row.state = state;
    if (rows.size <= remembered) return;
    for (const [id, each] of rows) {
      if (each.state === 'waiting' || each.state === 'sending') continue;
      rows.delete(id);
      return;
    }
  }

  /** Runs work after what is under way for the same record and address. */
  function inLane(row: Row, work: () => Promise<void>): Promise<void> {
    const lane = laneOf(row);
    const job = (lanes.get(lane) ?? Promise.resolve()).then(work).finally(() => {
      working.delete(job);
      if (lanes.get(lane) === job) lanes.delete(lane);
    });
    lanes.set(lane, job);
    working.add(job);
    return job;
  }

  /** `notBefore`: real time, to let the answer that is being written go first. */
  function start(row: Row, notBefore = 0): Promise<void> {
    row.state = 'sending';
    return inLane(row, async () => {
      const wait = notBefore - performance.now();
      if (wait > 0) await sleep(wait);
      if (!rows.has(row.id)) return;
      await attempt(row);
      for (const other of held) {
        if (other.state === 'waiting' && laneOf(other) === laneOf(row)) await attempt(other);
      }
    });
  }

  function startDue(): void {
    for (const row of rows.values()) {
      if (row.state === 'waiting' && (row.dueAt ?? Number.POSITIVE_INFINITY) <= clock.now()) void start(row);
    }
  }

  const viewOf = ({ message: _message, retried: _retried, ...row }: Row): Delivery => ({
    ...row,
    attempts: [...row.attempts],
  });

  return {
    send(message) {
      const { provider, event, orderId, record, url } = message;
      const fault = faults.take('webhook', { provider, orderId, event });
      const how = fault?.behaviour.layer === 'webhook' ? fault.behaviour.how : undefined;
      const now = clock.now();
      const row: Row = {
        ...{ id: `wh_${++made}`, provider, event, orderId, record, url, state: 'waiting', createdAt: now },
        ...{ attempts: [], message, retried: 0 },
        ...(how && { fault: how }),
      };
      rows.set(row.id, row);
      if (!isLoopback(url) && !isOrigin(url, settings.alsoCalled)) return settle(row, 'refused');
      if (how === 'never') return settle(row, 'dropped');
      if (how === 'late') row.dueAt = now + (fault?.ms ?? 10 * minute);
      // Nothing may follow it: then it comes a minute later.
      else if (how === 'reversed') {
        row.dueAt = now + minute;
        held.add(row);
      } else if (how === 'before_reply') {
        const job = start(row);
        early.add(job);
        void job.finally(() => early.delete(job));
      } else void start(row, performance.now() + settings.latencyMs() + 5);
    },
    async early() {
      await Promise.all(early);
    },
    kick: startDue,
    async run() {
      const before = attempts;
      startDue();
      while (working.size > 0) {
        await Promise.all(working);
        startDue();
      }
      return attempts - before;
    },
    async resend(id) {
      const row = rows.get(id);
      if (!row || row.state === 'refused') return undefined;
      await inLane(row, async () => {
        const { state, dueAt } = row;
        row.state = 'sending';
        const accepted = await post(row);
        row.state = accepted ? 'delivered' : state;
        if (accepted) delete row.dueAt;
        else if (dueAt !== undefined) row.dueAt = dueAt;
      });
      return viewOf(row);
    },
    log: () => [...rows.values()].map(viewOf),
    reset() {
      breakOff.abort();
      breakOff = new AbortController();
      rows.clear();
      held.clear();
    },
  };
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}
