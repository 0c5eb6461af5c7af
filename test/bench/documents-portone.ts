import { createSandbox } from '../../demo/sandbox/sandbox.js';
import type { PortOneV1Channel, PortOneV2Channel } from '../../server/providers/provider.js';
import { calledBack, payInV1, v1Account, v1Channel } from '../support/portone-v1.js';
import { payInV2, promised, v2Channel, v2Store } from '../support/portone-v2.js';
import { control, openSession, type Shopper } from '../support/shopper.js';
import { createWorld, testClock, type World } from '../support/world.js';
import { recording, settled, type Written } from './documents.js';
import { type Backend, openBackend } from './load/backend.js';
import { type PortOne, store } from './settings.js';

/** What one payment through PortOne writes and is answered, from the session to the merchant's backend. */
export interface PortOneSamples {
  readonly through: PortOne;
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
export async function takePortOneSamples(through: PortOne): Promise<PortOneSamples> {
  const written: Written[] = [];
  const backend = await openBackend();
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const contract = contracts[through];
  const channel = await contract.open(sandboxUrl);
  const endpoint = { id: 'main', url: backend.url, secrets: [new Uint8Array(32)], allowPrivate: ['127.0.0.1'] };
  const world = await createWorld({
    ...{ clock, sandbox, sandboxUrl },
    wrapStore: (opened) => recording(opened, written),
    blog: { channels: [channel], webhooks: [endpoint] },
  });
  try {
    await contract.listen(world, `${world.url}/api/v1/webhooks/${through}/blog`);
    await settled(world, written);
    return { through, ...(await payOnce(world, written, backend, contract)) };
  } finally {
    await world.close();
    await close();
    backend.close();
  }
}

/** The shop's side of its contract, and a shopper who pays in the window. */
interface Contract {
  open(sandboxUrl: string): Promise<PortOneV1Channel | PortOneV2Channel>;
  /** The provider's webhooks come to this URL from now on. */
  listen(world: World, webhookUrl: string): Promise<unknown>;
  /** What the page sends on in its verify. */
  pay(world: World, shopper: Shopper): Promise<Record<string, unknown>>;
}

const { webhookSecret } = store;
const contracts: Readonly<Record<PortOne, Contract>> = {
  'portone-v2': {
    open: (sandboxUrl) => v2Channel(sandboxUrl, 'automatic', { webhookSecrets: [webhookSecret] }),
    listen: (world, webhookUrl) =>
      control(world, 'portone-v2/stores', { storeId: v2Store.storeId, webhookSecret, webhookUrl }),
    pay: async (world, shopper) => promised(await payInV2(world, shopper, 'automatic')),
  },
  'portone-v1': {
    open: (sandboxUrl) => v1Channel(sandboxUrl),
    listen: (world, webhookUrl) => control(world, 'portone-v1/accounts', { userCode: v1Account.userCode, webhookUrl }),
    pay: async (world, shopper) => calledBack(await payInV1(world, shopper)),
  },
};

async function payOnce(
  world: World,
  written: Written[],
  backend: Backend,
  contract: Contract,
): Promise<Omit<PortOneSamples, 'through'>> {
  const shopper = await openSession(world);
  const prepared = written.splice(0);
  const result = await contract.pay(world, shopper);
  await world.sandbox.webhooks.run();
  const received = written.splice(0);
  const heard = backend.told(shopper.id);
  // A lookup in the same millisecond is not known to have come later.
  world.clock.advance(1);
  const { body: paid } = await shopper.verify(result);
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
