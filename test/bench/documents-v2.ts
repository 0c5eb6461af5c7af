import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { payInV2, promised, v2Channel, v2Store } from '../support/portone-v2.js';
import { control, openSession } from '../support/shopper.js';
import { createWorld, testClock, type World } from '../support/world.js';
import { recording, type Written } from './documents.js';
import { type Backend, openBackend } from './load/backend.js';
import { store } from './settings.js';

/** What one payment through PortOne V2 writes and is answered, from the session to the merchant's backend. */
export interface V2Samples {
  readonly prepared: readonly Written[];
  readonly opened: object;
  /** One for each of the provider's webhooks, before it is answered. */
  readonly received: readonly Written[];
  /** Of the verify, before its answer. */
  readonly verified: readonly Written[];
  readonly paid: object;
  /** Of the webhooks, after they were answered. */
  readonly workedOff: readonly Written[];
  /** Until the event is in the feed. */
  readonly told: readonly Written[];
  /** Of the event: leased, delivered. */
  readonly delivered: readonly Written[];
  readonly event: object;
}

/**
 * The payment as it goes with the least there is to do: the provider's webhooks are stored, the verify looks up, and what the webhooks
 * are about is known when their turn comes. Where they come later, the server has more to do, and the floor has not.
 */
export async function takeV2Samples(): Promise<V2Samples> {
  const written: Written[] = [];
  const backend = await openBackend();
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const { webhookSecret } = store;
  const channel = await v2Channel(sandboxUrl, 'automatic', { webhookSecrets: [webhookSecret] });
  const endpoint = { id: 'main', url: backend.url, secrets: [new Uint8Array(32)], allowPrivate: ['127.0.0.1'] };
  const world = await createWorld({
    ...{ clock, sandbox, sandboxUrl },
    wrapStore: (opened) => recording(opened, written),
    blog: { channels: [channel], webhooks: [endpoint] },
  });
  try {
    const webhookUrl = `${world.url}/api/v1/webhooks/portone-v2/blog`;
    await control(world, 'portone-v2/stores', { storeId: v2Store.storeId, webhookSecret, webhookUrl });
    return await payOnce(world, written, backend);
  } finally {
    await world.close();
    await close();
    backend.close();
  }
}

async function payOnce(world: World, written: Written[], backend: Backend): Promise<V2Samples> {
  const shopper = await openSession(world);
  const prepared = written.splice(0);
  const result = await payInV2(world, shopper, 'automatic');
  await world.sandbox.webhooks.run();
  const received = written.splice(0);
  const heard = backend.told(shopper.id);
  // A lookup in the same millisecond is not known to have come later.
  world.clock.advance(1);
  const { body: paid } = await shopper.verify(promised(result));
  const verified = written.splice(0);
  await world.runDry();
  await heard;
  const workedOff = written.filter(({ collection }) => collection === 'provider_webhooks');
  const [event, ...delivered] = written.filter(({ collection }) => collection === 'events');
  const told = written.filter((one) => !workedOff.includes(one) && !delivered.includes(one));
  return {
    ...{ prepared, received, verified, paid, workedOff, told, delivered },
    opened: shopper.session,
    event: event?.document ?? {},
  };
}
