import type { SessionView, VerifySession } from '../../contract/index.js';
import type { Hints } from '../providers/launcher.js';
import type { Alarm } from './alarm.js';
import type { Api, ApiFailure } from './api.js';
import { remedyOf } from './outcomes.js';

/** `known` how it stands · `differs` what came back is not this payment's: read it anew · `gone` nobody here may ask any more. */
export type Found = { found: 'known'; session: SessionView } | { found: 'differs' | 'gone' };

interface Inquiry {
  api: Api;
  alarm: Alarm;
  token: string;
  body: VerifySession;
  /** False: nobody wants to know any more. */
  isWanted(): boolean;
  /** An answer that is not the last word yet. */
  onWait(session?: SessionView): void;
}

/** Asks until it is known how the payment stands, through lost networks and restarts of the server. `undefined`: not wanted any more. */
export async function inquire({ api, alarm, token, body, isWanted, onWait }: Inquiry): Promise<Found | undefined> {
  while (isWanted()) {
    let pause = 2;
    try {
      const { session, retryAfter } = await api.verify(token, body);
      if (retryAfter === undefined && !session.processing) return { found: 'known', session };
      pause = retryAfter ?? pause;
      if (isWanted()) onWait(session);
    } catch (error) {
      const failure = error as ApiFailure;
      const remedy = remedyOf(failure);
      if (remedy === 'reread') return { found: 'differs' };
      if (failure.status === 401 || failure.status === 404) return { found: 'gone' };
      // The server's keys may be refused by the provider just now: nothing is lost, and its owner has been told.
      pause = failure.retryAfter ?? (remedy === 'unavailable' ? pause : 10);
      if (isWanted()) onWait();
    }
    await alarm.sleep(pause * 1_000);
  }
  return undefined;
}

/** What the server takes as a hint; anything else could only make it refuse the question. */
export function verifyBody(session: string, hints: Hints): VerifySession {
  const { orderId, paymentKey, amount, paymentType, code, message } = hints;
  return {
    session,
    ...(orderId && orderId.length <= 64 && { orderId }),
    ...(paymentKey && /^[A-Za-z0-9_=.-]{1,200}$/.test(paymentKey) && { paymentKey }),
    ...(amount !== undefined && Number.isFinite(amount) && amount >= 0 && { amount }),
    ...(paymentType && { paymentType: paymentType.slice(0, 40) }),
    ...(code && /^[A-Za-z0-9_.-]{1,64}$/.test(code) && { code }),
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
        const news = await api.news(session, token, rev(), signal);
        failures = 0;
        if (!signal.aborted) onNews(news);
      } catch {
        failures += 1;
        if (!signal.aborted) await alarm.sleep(Math.min(2 ** failures, 30) * 1_000);
      }
    }
  };
  void run();
  return () => stop.abort();
}
