import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { OpenedSession, PaymentView } from '../../../contract/index.js';
import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { day, hour, minute, second } from '../../../server/ops/clock.js';
import { createLogger } from '../../../server/ops/logging.js';
import { payments } from '../../../server/payments/payment.js';
import { allPayments, disagreements, mistold } from '../../support/books.js';
import { payInV2, promised, redirected, type V2Result, v2Channel, v2Store } from '../../support/portone-v2.js';
import { control, openSession, type Shopper } from '../../support/shopper.js';
import { createSpy, type Spy } from '../../support/spy.js';
import { api, blog, createWorld, storeFile, testClock, type World, type WorldOptions } from '../../support/world.js';

/** PortOne V2 with manual approval: money moves at our confirm, which takes the token that only the browser was given. */

const open: { world: World; close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { world, close } of open.splice(0).reverse()) {
    await world.close();
    await close();
  }
});

interface Place {
  readonly world: World;
  readonly spy: Spy;
}

async function place(
  approval: 'automatic' | 'manual' = 'manual',
  options: Omit<WorldOptions, 'clock' | 'sandbox'> = {},
): Promise<Place> {
  const clock = testClock();
  const sandbox = createSandbox({ clock });
  const { url: sandboxUrl, close } = await sandbox.listen(0);
  const blogChannels = { channels: [await v2Channel(sandboxUrl, approval)] };
  const spy = createSpy();
  const base = { clock, sandbox, sandboxUrl, blog: blogChannels, wrapProviders: spy.wrapProviders };
  const world = await createWorld({ ...base, ...options });
  open.push({ world, close });
  return { world, spy };
}

/** A second server on the same store. */
async function another(world: World, spy: Spy): Promise<World> {
  const { clock, sandbox, sandboxUrl, store } = world;
  const blogChannels = { channels: [await v2Channel(sandboxUrl, 'manual')] };
  const second = await createWorld({
    ...{ clock, sandbox, sandboxUrl, store, blog: blogChannels, wrapProviders: spy.wrapProviders },
  });
  open.push({ world: second, close: () => Promise.resolve() });
  return second;
}

const agreeTo = (world: World, shopper: Shopper, how: object = {}) => payInV2(world, shopper, 'manual', how);
const tokens = (spy: Spy) => spy.of('confirm').map((one) => one.with.token);
const keys = (spy: Spy) => spy.of('confirm').map((one) => one.with.idempotencyKey);
const charges = (world: World) => world.sandbox.bank.books().charges.length;
const arm = (world: World, fault: object) => control(world, 'faults', fault);
const launch = (shopper: Shopper) =>
  shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });

async function later(world: World, ...steps: readonly number[]): Promise<void> {
  for (const ms of steps) {
    world.clock.advance(ms);
    await world.runDry();
  }
}

const agree = async (world: World) => {
  const all = await allPayments(world);
  expect([...disagreements(all, world.sandbox.bank.books()), ...(await mistold(world, all))]).toEqual([]);
};

describe('a V2 channel with manual approval', () => {
  test.each([
    ['as the promise said', promised],
    ['after a redirect that names no transaction', redirected],
  ])('is asked for the money once the shopper agreed, %s', async (_how, hints) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    expect(charges(world)).toBe(0);
    const { status, body } = await shopper.verify(hints(agreed));
    expect([status, body.status, body.attempt?.state]).toEqual([200, 'paid', 'paid']);
    // The reply to a confirm names no amount: it is looked up before and after.
    expect(spy.calls.map(({ call }) => call)).toEqual(['lookup', 'confirm', 'lookup']);
    expect(spy.of('confirm')[0]?.with).toMatchObject({
      ...{ orderId: agreed.paymentId, record: agreed.txId, token: agreed.paymentToken },
      ...{ amount: 9_000, currency: 'KRW' },
    });
    await later(world, 2 * day);
    expect(charges(world)).toBe(1);
    await agree(world);
  });

  test('repeated, raced and sent again later, the money is asked for once', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    const hints = [promised(agreed), redirected(agreed), { paymentToken: agreed.paymentToken }, {}];
    await Promise.all(Array.from({ length: 20 }, (_, n) => shopper.verify(hints[n % hints.length])));
    await later(world, minute);
    expect((await shopper.verify(promised(agreed))).body.status).toBe('paid');
    expect([spy.of('confirm').length, charges(world)]).toEqual([1, 1]);
  });

  test.each([
    ['without any hint', () => ({})],
    ['with a transaction and no token', ({ txId }: V2Result) => ({ txId })],
  ])('is asked for nothing %s', async (_how, hints) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    const { status, body } = await shopper.verify(hints(agreed));
    expect([status, body.status, body.attempt?.state]).toEqual([200, 'open', 'launched']);
    expect(spy.of('confirm')).toEqual([]);
  });

  test('a look just before does not keep the token waiting', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    expect((await shopper.verify()).body.status).toBe('open');
    expect((await shopper.verify(redirected(agreed))).body.status).toBe('paid');
  });

  test('is asked for nothing before a window was opened, whatever token is sent', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    expect(await shopper.verify({ paymentToken: 'ptk-made-up' })).toMatchObject({
      status: 200,
      body: { status: 'open' },
    });
    expect(spy.of('confirm')).toEqual([]);
  });

  test('a payment that nobody came back from ends expired and uncharged', async () => {
    const { world, spy } = await place();
    const reported = await openSession(world);
    const unreported = await openSession(world);
    await launch(reported);
    for (const shopper of [reported, unreported]) await agreeTo(world, shopper);
    await later(world, minute, 9 * minute, 31 * minute, hour, 2 * day);
    for (const { id } of [reported, unreported]) expect((await world.payment(id)).status).toBe('expired');
    expect([spy.of('confirm').length, charges(world)]).toEqual([0, 0]);
    await agree(world);
  });

  test('an attempt that was replaced, or is past its deadline, is not asked for', async () => {
    const { world, spy } = await place();
    const replaced = await openSession(world);
    await launch(replaced);
    const first = await agreeTo(world, replaced);
    await replaced.prepare();
    expect((await replaced.verify(promised(first))).body.status).toBe('open');

    const late = await openSession(world);
    await launch(late);
    world.clock.advance(41 * minute);
    const agreed = await agreeTo(world, late);
    expect((await late.verify(promised(agreed))).body.status).toBe('expired');
    expect(spy.of('confirm')).toEqual([]);
  });

  test('a declined card ends the attempt with the bank’s word, and the next one can pay', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const declined = await agreeTo(world, shopper, { card: '4300000000000002' });
    const { body } = await shopper.verify(promised(declined));
    expect(body).toMatchObject({ status: 'open', attempt: { state: 'failed' } });
    expect(body.failure?.code).toBe('REJECT_CARD_PAYMENT');
    expect((await shopper.verify(promised(declined))).body.attempt?.state).toBe('failed');
    await shopper.prepare();
    const agreed = await agreeTo(world, shopper, { paymentId: `${shopper.id}_2` });
    expect((await shopper.verify(promised(agreed))).body.status).toBe('paid');
    expect(tokens(spy)).toEqual([declined.paymentToken, agreed.paymentToken]);
    await later(world, 2 * day);
    await agree(world);
  });

  test('an account is issued by the confirm, and paid by its deposit', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world, { prepare: { method: 'virtual_account' } });
    const agreed = await agreeTo(world, shopper, { method: 'virtual_account' });
    const { body } = await shopper.verify(redirected(agreed));
    expect([body.status, typeof body.account?.number]).toEqual(['pending', 'string']);
    await control(world, 'portone-v2/deposit', { storeId: v2Store.storeId, paymentId: agreed.paymentId });
    await later(world, hour);
    expect((await shopper.read()).status).toBe('paid');
    expect(spy.of('confirm')).toHaveLength(1);
    await later(world, 4 * day);
    await agree(world);
  });

  test('a charge of another amount goes back', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'wrong_amount' });
    expect((await shopper.verify(promised(await agreeTo(world, shopper)))).body.status).toBe('open');
    await later(world, minute, 2 * day);
    expect((await world.payment(shopper.id)).refunds).toMatchObject([{ cause: 'mismatch', state: 'done' }]);
    await agree(world);
  });
});

describe('an answer to a manual confirm that says nothing', () => {
  test.each(['charge_then_timeout', 'charge_then_drop', 'charge_then_html', 'charge_then_500'])(
    '%s: the money is found, and taken once',
    async (kind) => {
      const { world, spy } = await place();
      const shopper = await openSession(world);
      await arm(world, { on: 'confirm', kind });
      await shopper.verify(promised(await agreeTo(world, shopper)));
      await later(world, 10 * second, minute);
      expect((await shopper.read()).status).toBe('paid');
      expect(new Set(keys(spy)).size).toBe(1);
      expect(charges(world)).toBe(1);
      await later(world, 2 * day);
      await agree(world);
    },
  );

  test('no reply and no charge: asked again by due work, with the same token under the same key', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    await arm(world, { on: 'confirm', kind: 'drop' });
    expect(await shopper.verify(redirected(agreed))).toMatchObject({ status: 202, body: { processing: true } });
    await later(world, 10 * second);
    expect((await shopper.read()).status).toBe('paid');
    expect(tokens(spy)).toEqual([agreed.paymentToken, agreed.paymentToken]);
    expect(new Set(keys(spy)).size).toBe(1);
  });

  test.each([
    ['a server error', { kind: 'error_500_without_charge' }],
    ['a failure on the way to the payment company', { kind: 'error', code: 'PG_PROVIDER' }],
  ])('%s: a new key half a minute later, with the same token', async (_what, fault) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    await arm(world, { on: 'confirm', ...fault });
    expect((await shopper.verify(promised(agreed))).status).toBe(202);
    await later(world, 10 * second);
    expect(spy.of('confirm')).toHaveLength(1);
    await later(world, 30 * second);
    expect((await shopper.read()).status).toBe('paid');
    expect(tokens(spy)).toEqual([agreed.paymentToken, agreed.paymentToken]);
    expect(new Set(keys(spy)).size).toBe(2);
    expect(charges(world)).toBe(1);
  });

  test('a stored token that can not be opened any more asks for nothing: a person is told', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    await arm(world, { on: 'confirm', kind: 'drop' });
    await shopper.verify(promised(await agreeTo(world, shopper)));
    const before = await world.payment(shopper.id);
    const [first] = before.attempts;
    if (!first?.intent?.token?.sealed) throw new Error('no token is stored');
    const sealed = first.intent.token.sealed.replace(/^v1\.k1\./, 'v1.k0.');
    const intent = { ...first.intent, token: { ...first.intent.token, sealed } };
    await world.store.collection(payments).replace({ ...before, attempts: [{ ...first, intent }] });
    await later(world, 10 * second, minute, 10 * minute, 31 * minute, hour, 2 * day);
    expect(spy.of('confirm')).toHaveLength(1);
    expect(await world.payment(shopper.id)).toMatchObject({ status: 'expired', attention: 'unresolved' });
    expect(charges(world)).toBe(0);
  });
});

describe('a token', () => {
  test('that the provider refuses is not tried again; the right one still can be', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    const forged = { ...promised(agreed), paymentToken: 'ptk-made-up' };
    for (let n = 0; n < 3; n++) {
      expect(await shopper.verify(forged)).toMatchObject({ status: 409, body: { code: 'payment_reference_mismatch' } });
      world.clock.advance(3 * second);
    }
    expect(tokens(spy)).toEqual(['ptk-made-up']);
    expect((await world.payment(shopper.id)).attempts[0]).toMatchObject({ state: 'launched' });
    expect((await shopper.verify(promised(agreed))).body.status).toBe('paid');
    expect(new Set(keys(spy)).size).toBe(2);
    await later(world, 2 * day);
    await agree(world);
  });

  test('made up a hundred times costs eight calls and a bounded document, and the next attempt can pay', async () => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    for (let n = 0; n < 100; n++) {
      await shopper.verify({ ...promised(agreed), paymentToken: `ptk-made-up-${n}` });
      world.clock.advance(3 * second);
    }
    expect(spy.of('confirm')).toHaveLength(8);
    expect(JSON.stringify(await world.payment(shopper.id)).length).toBeLessThan(10_000);
    await shopper.prepare();
    const next = await agreeTo(world, shopper, { paymentId: `${shopper.id}_2` });
    expect((await shopper.verify(promised(next))).body.status).toBe('paid');
    expect(charges(world)).toBe(1);
  });

  test('of another shopper’s payment takes nobody’s money', async () => {
    const { world } = await place();
    const [mine, theirs] = [await openSession(world), await openSession(world)];
    const [agreed, other] = [await agreeTo(world, mine), await agreeTo(world, theirs)];
    const answers = [
      await mine.verify({ ...promised(agreed), paymentToken: other.paymentToken }),
      await mine.verify({ orderId: agreed.paymentId, paymentToken: other.paymentToken }),
    ];
    expect(answers.map(({ status }) => status)).not.toContain(200);
    expect(charges(world)).toBe(0);
    world.clock.advance(3 * second);
    expect((await theirs.verify(promised(other))).body.status).toBe('paid');
    expect((await mine.read()).status).toBe('open');
  });

  test.each([
    ['another payment’s', async (world: World) => (await agreeTo(world, await openSession(world))).txId],
    ['nobody’s', async () => 'tx-made-up'],
  ])('with %s transaction asks for nothing and changes nothing', async (_whose, other) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = await agreeTo(world, shopper);
    const txId = await other(world);
    const before = await world.payment(shopper.id);
    expect(await shopper.verify({ ...promised(agreed), txId })).toMatchObject({
      ...{ status: 409, body: { code: 'payment_reference_mismatch' } },
    });
    expect(await world.payment(shopper.id)).toEqual(before);
    expect(spy.of('confirm')).toEqual([]);
  });

  test.each([0, 1])('of two windows of one order pays the window it is of (%i)', async (which) => {
    const { world, spy } = await place();
    const shopper = await openSession(world);
    const agreed = [await agreeTo(world, shopper), await agreeTo(world, shopper)][which] as V2Result;
    expect((await shopper.verify(promised(agreed))).body.status).toBe('paid');
    expect(spy.of('confirm').map((one) => one.with.record)).toEqual([agreed.txId]);
    await later(world, 2 * day);
    await agree(world);
  });

  test('of another window of the same order is refused by its transaction, and charges nothing', async () => {
    const { world } = await place();
    const shopper = await openSession(world);
    const [first, second] = [await agreeTo(world, shopper), await agreeTo(world, shopper)];
    expect(await shopper.verify({ txId: second.txId, paymentToken: first.paymentToken })).toMatchObject({
      status: 409,
    });
    expect(charges(world)).toBe(0);
  });

  test.each(['one server', 'two servers'])(
    'of two windows sent at once to %s: one is asked with, one is charged',
    async (how) => {
      const { world, spy } = await place();
      const shopper = await openSession(world);
      const [first, second] = [await agreeTo(world, shopper), await agreeTo(world, shopper)];
      const other = how === 'one server' ? world : await another(world, spy);
      let underWay = 0;
      spy.change.confirm = async (_intent, real) => {
        underWay++;
        expect(underWay).toBe(1);
        const outcome = await real();
        underWay--;
        return outcome;
      };
      const verify = (at: World, agreed: V2Result) =>
        api(at.url, 'POST', '/payments/verify', {
          token: shopper.secret,
          body: { session: shopper.session.id, ...promised(agreed) },
        });
      await Promise.all(
        Array.from({ length: 5 }, () => [verify(world, first), verify(other, second), verify(world, second)]).flat(),
      );
      await later(world, minute, 2 * day);
      expect(new Set(tokens(spy)).size).toBe(1);
      expect([charges(world), (await world.payment(shopper.id)).status]).toEqual([1, 'paid']);
      await agree(world);
    },
  );

  test.each(['', ' ', 'a b', 'x'.repeat(4_097), '키', 7, null])('%j is refused as input', async (paymentToken) => {
    const { world } = await place();
    const shopper = await openSession(world);
    const { status, body } = await shopper.verify({ paymentToken });
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(body)).not.toContain('xxxxx');
  });

  test('means nothing to a channel that charges by itself', async () => {
    const { world, spy } = await place('automatic');
    const shopper = await openSession(world);
    await control(world, 'portone-v2/open', {
      ...{ storeId: v2Store.storeId, channelKey: v2Store.channels[0].key },
      ...{ paymentId: `${shopper.id}_1`, amount: 9_000 },
    });
    expect((await shopper.verify({ paymentToken: 'ptk-1' })).body.status).toBe('open');
    await payInV2(world, shopper, 'automatic');
    world.clock.advance(3 * second);
    expect((await shopper.verify({ paymentToken: 'ptk-2' })).body.status).toBe('paid');
    expect(spy.of('confirm')).toEqual([]);
  });

  test('stands nowhere in clear: not in the store, the log, or an answer; and is gone once it is of no use', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } });
    const { file, remove } = storeFile('token');
    try {
      const { world, spy } = await place('manual', { log, file });
      const shopper = await openSession(world);
      const agreed = await agreeTo(world, shopper);
      const token = agreed.paymentToken as string;
      const said: unknown[] = [];
      spy.change.confirm = async (_intent, real) => {
        const [attempt] = (await world.payment(shopper.id)).attempts;
        expect(attempt?.intent?.token?.sealed).toMatch(/^v1\./);
        said.push(await shopper.read());
        return real();
      };
      const forged = 'ptk-made-up-0123456789';
      said.push(await shopper.verify({ ...promised(agreed), paymentToken: forged }));
      world.clock.advance(3 * second);
      await arm(world, { on: 'confirm', kind: 'drop' });
      said.push(await shopper.verify(promised(agreed)));
      await later(world, 10 * second);
      said.push(await api<PaymentView>(world.url, 'GET', `/payments/${shopper.id}`, { token: blog.secretKey }));
      said.push(await api<OpenedSession>(world.url, 'GET', '/events', { token: blog.secretKey }));
      expect(tokens(spy)).toEqual([forged, token, token]);
      const payment = await world.payment(shopper.id);
      expect(payment).toMatchObject({
        status: 'paid',
        attempts: [{ intent: { token: { digest: expect.any(String) } } }],
      });
      expect(payment.attempts[0]?.intent?.token).not.toHaveProperty('sealed');

      const stored = (await Promise.all([readFile(file), readFile(`${file}-wal`)])).map(String).join('');
      for (const [where, text] of Object.entries({ stored, log: lines.join(''), said: JSON.stringify(said) })) {
        expect(text, where).toContain(shopper.id);
        for (const secret of [token, forged]) expect(text.includes(secret), where).toBe(false);
      }
    } finally {
      for (const { world, close } of open.splice(0)) {
        await world.close();
        await close();
      }
      await remove();
    }
  });
});
