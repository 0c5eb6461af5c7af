import { randomBytes } from 'node:crypto';
import type { ComparisonRow, ComparisonView, ProviderName } from '../../../contract/index.js';
import { createSandbox, type Sandbox } from '../../../demo/sandbox/sandbox.js';
import type { Clock } from '../../../server/ops/clock.js';
import type { LogFields, Logger } from '../../../server/ops/logging.js';
import type { ListQuery, Provider } from '../../../server/providers/provider.js';
import { payInV1, v1Channel } from '../../support/portone-v1.js';
import { payInV2, v2Channel, v2Store } from '../../support/portone-v2.js';
import { openSession, type Shopper } from '../../support/shopper.js';
import {
  api,
  blog,
  createWorld,
  cronSecret,
  type TestClock,
  testClock,
  type World,
  type WorldOptions,
} from '../../support/world.js';

export interface Logged extends LogFields {
  readonly level: string;
  readonly event: string;
}

export interface Place {
  readonly world: World;
  readonly clock: TestClock;
  readonly sandbox: Sandbox;
  readonly sandboxUrl: string;
  readonly logged: Logged[];
  /** The provider's list as it was asked for. */
  readonly asked: ListQuery[];
  /** Another server on the same store. */
  second(more?: WorldOptions): Promise<World>;
  close(): Promise<void>;
}

export interface PlaceOptions extends WorldOptions {
  readonly provider?: ProviderName;
  /** The provider's, if it is not ours. */
  readonly theirClock?: (ours: Clock) => Clock;
}

/** A server with one merchant at one provider, whose list is listened in on. */
export async function createPlace({ provider = 'toss', theirClock, ...more }: PlaceOptions = {}): Promise<Place> {
  const clock = testClock();
  const sandbox = createSandbox({ clock: theirClock?.(clock) ?? clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const logged: Logged[] = [];
  const asked: ListQuery[] = [];
  const at =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void logged.push({ ...fields, level, event });
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
  const options: WorldOptions = {
    ...{ clock, sandbox, sandboxUrl, log },
    ...(provider === 'portone-v2' && { blog: { channels: [await v2Channel(sandboxUrl, 'automatic')] } }),
    ...(provider === 'portone-v1' && { blog: { channels: [await v1Channel(sandboxUrl)] } }),
    wrapProviders: (all) =>
      new Map(
        [...all].map(([name, real]): [ProviderName, Provider] => [
          name,
          {
            ...real,
            listPayments(channel, query) {
              asked.push(query);
              return real.listPayments(channel, query);
            },
          },
        ]),
      ),
    ...more,
  };
  const world = await createWorld(options);
  const others: World[] = [];
  return {
    ...{ world, clock, sandbox, sandboxUrl, logged, asked },
    async second(own = {}) {
      const other = await createWorld({ ...options, store: world.store, ...own });
      others.push(other);
      return other;
    },
    async close() {
      for (const other of others) await other.close();
      await world.close();
      await close();
    },
  };
}

const secret = `Basic ${Buffer.from('test_sk_blog:').toString('base64')}`;

/** The shopper agrees and the provider charges, and no word of it reaches our server. */
export async function chargedUnheard({ world, sandboxUrl }: Place, provider: ProviderName): Promise<Shopper> {
  const shopper = await openSession(world);
  await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
  if (provider === 'portone-v2') {
    await payInV2({ sandboxUrl }, shopper, 'automatic');
    return shopper;
  }
  if (provider === 'portone-v1') {
    await payInV1({ sandboxUrl }, shopper);
    return shopper;
  }
  const { paymentKey, orderId, amount } = await shopper.agree();
  const response = await fetch(`${sandboxUrl}/toss/v1/payments/confirm`, {
    method: 'POST',
    headers: { authorization: secret, 'content-type': 'application/json' },
    body: JSON.stringify({ paymentKey, orderId, amount: amount.value }),
  });
  if (!response.ok) throw new Error(await response.text());
  return shopper;
}

/** Paid, and our server knows. */
export async function paid(place: Place, provider: ProviderName): Promise<Shopper> {
  const shopper = await chargedUnheard(place, provider);
  const known = await shopper.verify();
  if (known.body.status !== 'paid') throw new Error(`not paid: ${JSON.stringify(known.body)}`);
  return shopper;
}

/** Straight into the bank: money of the blog's contract under any order id. Gives the record. */
export function chargeInBank({ sandbox }: Place, orderId: string, amount = 5_000): string {
  const hour = 3_600_000;
  const opened = sandbox.bank.open({
    ...{ id: `key_${randomBytes(8).toString('hex')}`, provider: 'toss', merchant: 'test_ck_blog' },
    ...{ orderId, orderName: '커피', customerName: '김구매', amount, currency: 'KRW' },
    ...{ authenticateWithinMs: hour, chargeWithinMs: hour },
  });
  sandbox.bank.authenticate(opened.id, { method: 'card', card: '4300000000000001' });
  const charged = sandbox.bank.charge(opened.id);
  if (!charged.ok) throw new Error(charged.why);
  return opened.id;
}

export const runJob = async (world: World, name = 'comparison'): Promise<number> => {
  const { status, body } = await api<{ worked: number }>(world.url, 'POST', `/jobs/${name}`, { token: cronSecret });
  if (status !== 200) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
  return body.worked;
};

export async function reports(world: World): Promise<ComparisonRow[]> {
  const { body } = await api<{ data: ComparisonRow[] }>(world.url, 'GET', '/comparisons', { token: blog.secretKey });
  return body.data;
}

/** The newest report that is not only planned. */
export async function report(world: World): Promise<ComparisonView> {
  const row = (await reports(world)).find(({ state, problem }) => state !== 'waiting' || problem !== undefined);
  if (!row) throw new Error('There is no report yet');
  const { body } = await api<ComparisonView>(world.url, 'GET', `/comparisons/${row.id}`, { token: blog.secretKey });
  return body;
}

export const storeId = v2Store.storeId;
