import type { SessionView, VerifySession } from '../../contract/index.js';
import type { Hints } from '../providers/launcher.js';
import type { Alarm } from './alarm.js';
import { type Api, type ApiFailure, pathOf } from './api.js';

/** A verify may take as long as a slow provider, the long poll up to 25 s. */
const patienceMs = 40_000;

/** `known` how it stands · `differs` what came back is not this payment's: read it anew · `gone` nobody here may ask any more. */
export type Found = { found: 'known'; session: SessionView } | { found: 'differs' | 'gone' };

interface Inquiry {
  api: Api;
  alarm: Alarm;
  token: string;
  session: string;
  /** What is known of it by now: the window may answer while it is being asked about. */
  hints(): Hints;
  /** False: nobody wants to know any more. */
  isWanted(): boolean;
  /** An answer that is not the last word yet. */
  onWait(session?: SessionView): void;
}

/** Asks until it is known how the payment stands, through lost networks and restarts of the server. `undefined`: not wanted any more. */
export async function inquire({
  api,
  alarm,
  token,
  session: id,
  hints,
  isWanted,
  onWait,
}: Inquiry): Promise<Found | undefined> {
  while (isWanted()) {
    let pause = 2;
    const given = hints();
    try {
      const request = {
        method: 'POST',
        path: '/payments/verify',
        token,
        body: verifyBody(id, given),
        timeout: patienceMs,
        repeats: 0,
      } as const;
      const answer = await api.call<SessionView>(request);
      const session = answer.body;
      const retryAfter = answer.status === 202 ? (answer.retryAfter ?? pause) : undefined;
      if (retryAfter === undefined && !session.processing && given === hints()) return { found: 'known', session };
      pause = retryAfter ?? pause;
      if (isWanted()) onWait(session);
    } catch (error) {
      const failure = error as ApiFailure;
      if (failure.status === 409) return { found: 'differs' };
      if (failure.status === 401 || failure.status === 404) return { found: 'gone' };
      // The server's keys may be refused by the provider just now: nothing is lost, and its owner has been told.
      pause = failure.retryAfter ?? (failure.isPassing ? pause : 10);
      if (isWanted()) onWait();
    }
    if (given === hints()) await alarm.sleep(pause * 1_000);
  }
  return undefined;
}

const shapes = {
  orderId: /^[\s\S]{1,64}$/,
  paymentKey: /^[A-Za-z0-9_=.-]{1,200}$/,
  txId: /^[\x21-\x7e]{1,200}$/,
  impUid: /^[A-Za-z0-9][\w-]{0,99}$/,
  paymentToken: /^[\x21-\x7e]{1,4096}$/,
  code: /^[A-Za-z0-9_.-]{1,64}$/,
} as const satisfies Partial<Record<keyof Hints, RegExp>>;

/** What the server takes as a hint; anything else could only make it refuse the question. */
export function verifyBody(session: string, hints: Hints): VerifySession {
  const { amount, paymentType, message } = hints;
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  return {
    session,
    ...Object.fromEntries(
      names.filter((name) => shapes[name].test(hints[name] ?? '')).map((name) => [name, hints[name]]),
    ),
    ...(amount !== undefined && Number.isFinite(amount) && amount >= 0 && { amount }),
    ...(paymentType && { paymentType: paymentType.slice(0, 40) }),
    ...(message && { message: message.slice(0, 1_000) }),
  };
}

interface Following {
  api: Api;
  alarm: Alarm;
  session: string;
  token: string;
  /** The revision that is shown. */
  rev(): number;
  onNews(session: SessionView): void;
}

/** Waits for news of a session until the answer is called. One request at a time. */
export function follow({ api, alarm, session, token, rev, onNews }: Following): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const run = async () => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const path = `${pathOf(session)}?after=${rev()}&wait=25`;
        const news = await api.call<SessionView>({ path, token, signal, timeout: patienceMs, repeats: 0 });
        failures = 0;
        if (!signal.aborted) onNews(news.body);
      } catch {
        failures += 1;
        if (!signal.aborted) await alarm.sleep(Math.min(2 ** failures, 30) * 1_000);
      }
    }
  };
  void run();
  return () => stop.abort();
}
