import type { StoredEvent } from '../../../server/events/event.js';
import { createEvents, type Events, type EventsDeps } from '../../../server/events/events.js';
import type { Merchant, WebhookEndpoint } from '../../../server/merchants/merchant.js';
import { createMerchants } from '../../../server/merchants/registry.js';
import { silentLogger } from '../../../server/ops/logging.js';
import { createWorker } from '../../../server/ops/worker.js';
import type { Store } from '../../../server/store/store.js';
import { type TestClock, testClock } from '../../support/world.js';
import { merchantOf } from '../http/fixture.js';
import { at, collectionsOf, openEvents } from './support.js';

export const keyOne = new Uint8Array(32).fill(1);
export const keyTwo = new Uint8Array(32).fill(2);

export const endpointAt = (url: string, more: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  id: 'main',
  url,
  secrets: [keyOne],
  allowPrivate: ['127.0.0.1'],
  ...more,
});

export interface Room extends Events {
  readonly clock: TestClock;
  readonly store: Store;
  /** Does all that is due now, and waits for it. */
  runDry(): Promise<void>;
  event(key: string): Promise<StoredEvent>;
  close(): Promise<void>;
}

export interface RoomOptions extends Partial<EventsDeps> {
  readonly webhooks?: readonly WebhookEndpoint[];
  readonly others?: readonly Merchant[];
  readonly clock?: TestClock;
}

/** The events room as a server has it, without the server. */
export async function openRoom({ webhooks = [], others = [], ...options }: RoomOptions = {}): Promise<Room> {
  const clock = options.clock ?? testClock(at);
  const store = options.store ?? (await openEvents());
  const events = createEvents({
    merchants: createMerchants([merchantOf('blog', { webhooks }), ...others]),
    log: silentLogger,
    untold: async () => false,
    sender: { timeoutMs: 300 },
    ...options,
    store,
    clock,
  });
  const worker = createWorker({ sources: events.sources, log: silentLogger, everyMs: 1_000, lanes: 8 });
  return {
    ...events,
    clock,
    store,
    async runDry() {
      for (let round = 0; (await worker.runOnce()) > 0; round++) {
        await events.idle();
        if (round > 100) throw new Error('due work does not run dry');
      }
    },
    async event(key) {
      const { docs } = await collectionsOf(store).events.find({ index: 'by_seq', limit: 1_000 });
      const event = docs.find((one) => one.key === key);
      if (!event) throw new Error(`no event ${key}`);
      return event;
    },
    async close() {
      await events.stop();
      if (!options.store) await store.close();
    },
  };
}
