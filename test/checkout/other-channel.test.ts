import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PortOneV1Launch, TossLaunch } from '../../contract/index.js';
import { demoAccount } from '../../demo/sandbox/portone-v1/accounts.js';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import type { PortOneV1Channel } from '../../server/providers/provider.js';
import { allPayments, disagreements, mistold } from '../support/books.js';
import { control } from '../support/shopper.js';
import { blog, channel, createWorld, testClock, type World } from '../support/world.js';
import { arriveAt, leave } from './at-server.js';

/** The checkout against the whole server, of a merchant with PortOne V1 first and Toss second. */
let world: World;
let close: () => Promise<void>;
beforeAll(async () => {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const at = await sandbox.listen(0);
  close = at.close;
  const v1: PortOneV1Channel = {
    ...{ id: 'portone-v1', provider: 'portone-v1', environment: 'test', approval: 'automatic', currencies: ['KRW'] },
    ...{ methods: ['card', 'kakaopay'], channelKey: 'channel-key-v1-demo-card' },
    apiBase: `${at.url}/portone-v1`,
    script: `${at.url}/portone-v1/v1/iamport.js`,
    ...{ userCode: demoAccount.userCode, apiKey: demoAccount.apiKey, apiSecret: demoAccount.apiSecret },
  };
  const toss = channel(`${at.url}/toss`, { methods: ['card', 'transfer'] });
  const options = { clock, sandbox, sandboxUrl: at.url, oversight: false };
  world = await createWorld({ ...options, blog: { channels: [v1, toss] } });
});
afterAll(async () => {
  await world?.close();
  await close?.();
});
afterEach(leave);

describe('a merchant with two providers', () => {
  it('pays at the first', async () => {
    const { checkout, provider, until } = arriveAt(world);
    await until('form');
    expect(checkout.snapshot.methods).toEqual(['card', 'kakaopay', 'transfer']);
    checkout.intent();
    await until('ready');
    checkout.submit();
    const { launch, end } = provider.windows[0]!;
    const { userCode, request } = launch as PortOneV1Launch;
    const { imp_uid: impUid, merchant_uid: orderId } = await control(world, 'portone-v1/pay', { userCode, ...request });
    end({ outcome: 'returned', hints: { impUid, orderId } });
    await until('success');
    expect((await world.payment(checkout.snapshot.session?.payment as string)).provider).toBe('portone-v1');
  });

  it('pays at the second, where an ad blocker keeps the first one’s script away; the merchant sees why', async () => {
    const { checkout, provider, until } = arriveAt(world, blog.page, { quantity: 2 });
    provider.state.blocked.add(`${world.sandboxUrl}/portone-v1/v1/iamport.js`);
    await until('form');
    checkout.intent();
    await until('ready');
    expect(checkout.snapshot.notice).toBeUndefined();
    checkout.submit();
    const { launch, end } = provider.windows[0]!;
    const { clientKey, request } = launch as TossLaunch;
    const agreed = { clientKey, orderId: request.orderId, amount: 9_000, method: 'card' };
    const { paymentKey, orderId } = await control(world, 'toss/pay', agreed);
    end({ outcome: 'returned', hints: { paymentKey, orderId } });
    await until('success');
    const payment = await world.payment(checkout.snapshot.session?.payment as string);
    expect(payment).toMatchObject({ provider: 'toss', status: 'paid', amount: 9_000 });
    expect(payment.observations).toMatchObject([{ attempt: 1, code: 'script_blocked', by: 'page' }]);
    // A method that only the first has is asked of it all the same.
    const other = arriveAt(world);
    other.provider.state.blocked.add(`${world.sandboxUrl}/portone-v1/v1/iamport.js`);
    await other.until('form');
    other.checkout.choose('kakaopay');
    await expect.poll(() => other.checkout.snapshot.notice).toMatchObject({ obstacle: 'script_blocked' });
  });

  it('and the books agree', async () => {
    for (const ms of [0, 3_600_000, 90_000_000]) {
      world.clock.advance(ms);
      await world.runDry();
    }
    const all = await allPayments(world);
    expect([...disagreements(all, world.sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
  });
});
