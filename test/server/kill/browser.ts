import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, api, type Call, type Said, type TossSession } from '../../support/world.js';
import type { Random } from './random.js';
import type { Seat } from './seat.js';

/** How long a shopper goes on where nobody answers. Longer than any restart here takes. */
const shoppersPatienceMs = 90_000;

export interface Browser {
  /** Asks any of the servers, and again after a lost connection or a 503, as a page does, until one answers. */
  ask(method: string, path: string, call: Call): Promise<Answer<Said<TossSession>>>;
  /** Sends and does not wait for more than `ms`: the tab is closed. */
  sendAndLeave(method: string, path: string, call: Call, ms: number): Promise<void>;
  /** Requests whose answer never came. */
  readonly lost: number;
}

export function createBrowser(
  seats: readonly Pick<Seat, 'url'>[],
  random: Random,
  patienceMs = shoppersPatienceMs,
): Browser {
  let lost = 0;
  const send = async (method: string, path: string, call: Call) => {
    const url = random.pick(seats).url;
    if (url === undefined) return undefined;
    try {
      const answer = await api(url, method, path, call);
      return answer.status === 503 ? undefined : answer;
    } catch {
      lost++;
      return undefined;
    }
  };
  return {
    get lost() {
      return lost;
    },
    async ask(method, path, call) {
      const until = Date.now() + patienceMs;
      while (Date.now() < until) {
        const answer = await send(method, path, call);
        if (answer) return answer;
        await sleep(random.between(20, 90));
      }
      throw new Error(`${method} ${path}: nobody answered for ${patienceMs} ms`);
    },
    async sendAndLeave(method, path, call, ms) {
      const sent = send(method, path, call);
      await Promise.race([sent, sleep(ms)]);
    },
  };
}
