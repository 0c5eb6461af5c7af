import { describe, expect, test } from 'vitest';
import { minute, second } from '../../../server/ops/clock.js';
import { control } from '../../support/shopper.js';
import { api, other } from '../../support/world.js';
import { coffee, refused, useWorld } from './harness.js';

const here = useWorld();

describe('a verify', () => {
  test('asks for the money of a window that the shopper agreed in', async () => {
    const shopper = await here.open();
    const { paymentKey, orderId } = await shopper.agree();
    const { status, body } = await shopper.verify({ paymentKey, orderId, amount: 9_000 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'paid', processing: false, attempt: { no: 1, state: 'paid' } });
    expect(body.receipt).toMatchObject({ method: 'card', paidAt: new Date(here.world.clock.now()).toISOString() });
    expect(here.charges(shopper)).toBe(1);
  });

  test('takes the return URL’s parameters as text', async () => {
    const shopper = await here.open();
    const { paymentKey, orderId } = await shopper.agree();
    const { body } = await shopper.verify({ paymentKey, orderId, amount: '9000', paymentType: 'NORMAL' });
    expect(body.status).toBe('paid');
  });

  test('without a key asks for no money', async () => {
    const shopper = await here.open();
    await shopper.agree();
    const { status, body } = await shopper.verify();
    expect([status, body.status, here.charges(shopper)]).toEqual([200, 'open', 0]);
  });

  test('before anything was prepared says how it stands', async () => {
    const shopper = await here.open({ prepare: undefined });
    const { status, body } = await here.unchanged(shopper, () => shopper.verify());
    expect([status, body.status]).toEqual([200, 'open']);
  });

  test('sent 20 times at once charges once, and all hear the same', async () => {
    const shopper = await here.open();
    const { paymentKey, orderId } = await shopper.agree();
    const answers = await Promise.all(Array.from({ length: 20 }, () => shopper.verify({ paymentKey, orderId })));
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges(shopper)).toBe(1);
    expect(new Set(answers.map(({ body }) => body.rev)).size).toBe(1);
  });

  test('raced with 20 of other kinds charges once', async () => {
    const shopper = await here.open();
    const { paymentKey, orderId } = await shopper.agree();
    const path = `/payments/sessions/${shopper.session.id}`;
    await Promise.all([
      ...Array.from({ length: 5 }, () => shopper.verify({ paymentKey })),
      ...Array.from({ length: 5 }, () => shopper.verify({ paymentKey, orderId, amount: 9_000 })),
      ...Array.from({ length: 5 }, () => shopper.verify()),
      ...Array.from({ length: 5 }, () => shopper.call('POST', `${path}/launched`, { attempt: 1 })),
      ...Array.from({ length: 5 }, () => here.world.runDry()),
    ]);
    expect((await shopper.read()).status).toBe('paid');
    expect(here.charges(shopper)).toBe(1);
  });

  test('repeated after the payment changes nothing and calls nobody a debtor', async () => {
    const shopper = await here.open();
    const hint = await shopper.agree();
    const { paymentKey } = hint;
    await shopper.verify({ paymentKey });
    here.world.clock.advance(5_000);
    for (const body of [{}, { paymentKey }, { paymentKey, orderId: hint.orderId, amount: 9_000 }, { code: 'X' }]) {
      const seen = await here.world.payment(shopper.id);
      const answer = await shopper.verify(body);
      expect(answer).toMatchObject({ status: 200, body: { status: 'paid' } });
      expect((await here.world.payment(shopper.id)).paidBy).toEqual(seen.paidBy);
    }
    expect(here.charges(shopper)).toBe(1);
  });

  test('with the code of a closed window notes it once', async () => {
    const shopper = await here.open();
    for (let n = 0; n < 5; n++) {
      here.world.clock.advance(3_000);
      const answer = await shopper.verify({ code: 'PAY_PROCESS_CANCELED', message: '사용자가 결제를 취소하였습니다' });
      expect(answer).toMatchObject({ status: 200, body: { status: 'open' } });
    }
    const { timeline } = await here.payment(shopper.id);
    expect(timeline.filter(({ to }) => to === 'window returned')).toMatchObject([
      { what: 'attempt 1', trigger: 'verify', note: 'PAY_PROCESS_CANCELED' },
    ]);
  });

  test('after the session’s end still settles what was launched before it', async () => {
    const shopper = await here.open();
    here.world.clock.advance(29 * minute);
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    await here.later(2 * minute);
    const { paymentKey } = await shopper.agree();
    expect(await shopper.verify({ paymentKey })).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(here.charges(shopper)).toBe(1);
  });

  test('after the attempt’s deadline charges no more', async () => {
    const shopper = await here.open();
    await shopper.call('POST', `/payments/sessions/${shopper.session.id}/launched`, { attempt: 1 });
    here.world.clock.advance(41 * minute);
    const { paymentKey } = await shopper.agree();
    const answer = await shopper.verify({ paymentKey });
    expect(answer).toMatchObject({ status: 200, body: { status: 'expired' } });
    expect(here.charges(shopper)).toBe(0);
  });
});

describe('a declined card', () => {
  test('is told with the provider’s code, and the next attempt can pay', async () => {
    const shopper = await here.open();
    const declined = await shopper.agree({ card: '4300-0000-0000-0002' });
    const { status, body } = await shopper.verify({ paymentKey: declined.paymentKey });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'open', processing: false, attempt: { no: 1, state: 'failed' } });
    expect(body.failure).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), retryable: true });
    expect(here.charges(shopper)).toBe(0);
    // No second key for an attempt that was declined.
    const again = await shopper.agree();
    expect((await shopper.verify({ paymentKey: again.paymentKey })).body.status).toBe('open');

    const { body: prepared } = await shopper.prepare();
    expect(prepared).toMatchObject({ attempt: { no: 2 } });
    expect(prepared).not.toHaveProperty('failure');
    const good = await shopper.agree();
    expect((await shopper.verify({ paymentKey: good.paymentKey })).body).toMatchObject({ status: 'paid' });
    expect(here.charges(shopper)).toBe(1);
  });

  test('is told the same way to a repeat', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree({ card: '4300-0000-0000-0004' });
    const first = await shopper.verify({ paymentKey });
    here.world.clock.advance(5_000);
    const second = await shopper.verify({ paymentKey });
    expect(second.body.failure).toEqual(first.body.failure);
    expect(second.status).toBe(200);
  });
});

describe('a forged return', () => {
  test('with the key of another order changes, charges and refunds nothing', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const key = await theirs.agree();
    for (const orderId of [undefined, mine.orderId]) {
      const hint = { paymentKey: key.paymentKey, ...(orderId !== undefined && { orderId }) };
      const answer = await here.unchanged(mine, () => here.unchanged(theirs, () => mine.verify(hint)));
      expect(answer).toMatchObject(refused(409, 'payment_reference_mismatch'));
    }
    expect((await theirs.verify({ paymentKey: key.paymentKey })).body.status).toBe('paid');
  });

  test('with the key of an order that was paid refunds nothing: else a delivered order could be', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const key = await theirs.agree();
    await theirs.verify({ paymentKey: key.paymentKey });
    const answer = await here.unchanged(theirs, () =>
      here.unchanged(mine, () => mine.verify({ paymentKey: key.paymentKey })),
    );
    expect(answer).toMatchObject(refused(409, 'payment_reference_mismatch'));
    await here.later(41 * minute);
    expect((await theirs.read()).status).toBe('paid');
    expect(here.world.sandbox.bank.books(theirs.orderId).cancellations).toEqual([]);
  });

  test('with another merchant’s key under our order id changes nothing', async () => {
    const mine = await here.open();
    const theirs = await mine.agree({ clientKey: 'test_ck_other' });
    const answer = await here.unchanged(mine, () => mine.verify({ paymentKey: theirs.paymentKey }));
    expect(answer).toMatchObject(refused(409, 'payment_reference_mismatch'));
    expect(here.charges(mine)).toBe(0);
  });

  test('with a made-up key changes nothing, and an honest one afterwards still pays', async () => {
    const mine = await here.open();
    const answer = await here.unchanged(mine, () => mine.verify({ paymentKey: 'tviva20260302120000madeup' }));
    expect(answer).toMatchObject(refused(409, 'payment_reference_mismatch'));
    // The next key waits its turn: whoever asks again hears the truth.
    here.world.clock.advance(3 * second);
    const { paymentKey } = await mine.agree();
    expect((await mine.verify({ paymentKey })).body.status).toBe('paid');
  });

  test('with the order id of another session, another attempt or anybody changes nothing', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const { paymentKey } = await theirs.agree();
    for (const orderId of [
      theirs.orderId,
      `${mine.id}_2`,
      `${mine.id}_0`,
      `${mine.id}_01`,
      mine.id,
      'order-1',
      '%00',
    ]) {
      const answer = await here.unchanged(mine, () =>
        here.unchanged(theirs, () => mine.verify({ orderId, paymentKey })),
      );
      expect(answer).toMatchObject(refused(409, 'payment_reference_mismatch'));
    }
  });

  test.each([8_999, '1', 0, '9000.01', 900_000])(
    'with the amount %j changes nothing; the honest one pays',
    async (amount) => {
      const shopper = await here.open();
      const { paymentKey, orderId } = await shopper.agree();
      const answer = await here.unchanged(shopper, () => shopper.verify({ paymentKey, orderId, amount }));
      expect(answer).toMatchObject(refused(409, 'amount_mismatch'));
      const honest = await shopper.verify({ paymentKey, orderId, amount: 9_000 });
      expect(honest).toMatchObject({ status: 200, body: { status: 'paid' } });
      expect(here.charges(shopper)).toBe(1);
    },
  );

  test.each([
    ['less', { amount: 100 }],
    ['more', { amount: 90_000 }],
    ['dollars', { amount: { currency: 'USD', value: 9_000 } }],
  ])('from a window that was opened for %s is never charged', async (_what, how) => {
    const shopper = await here.open();
    const { paymentKey, orderId } = await shopper.agree(how);
    for (const hint of [{ paymentKey }, { paymentKey, orderId, amount: 9_000 }]) {
      const answer = await here.unchanged(shopper, () => shopper.verify(hint));
      expect(answer).toMatchObject(refused(409, 'amount_mismatch'));
    }
    await here.later(2 * minute);
    expect(here.charges(shopper)).toBe(0);
    const honest = await shopper.agree();
    expect((await shopper.verify({ paymentKey: honest.paymentKey })).body.status).toBe('paid');
  });

  test.each([
    ['paymentKey', ''],
    ['paymentKey', '../../v1/payments/x/cancel'],
    ['paymentKey', 'a b'],
    ['paymentKey', 'k'.repeat(201)],
    ['paymentKey', { $ne: null }],
    ['paymentKey', ['k']],
    ['paymentKey', 7],
    ['orderId', ''],
    ['orderId', { $gt: '' }],
    ['orderId', 'o'.repeat(65)],
    ['amount', -1],
    ['amount', '9000 OR 1=1'],
    ['amount', '1e3'],
    ['amount', null],
    ['amount', [9_000]],
    ['code', '<script>'],
    ['code', 'x'.repeat(65)],
    ['message', 'm'.repeat(1_001)],
    ['refund', true],
  ])('with a %s of %j is not understood, and changes nothing', async (field, value) => {
    const shopper = await here.open();
    const answer = await here.unchanged(shopper, () => shopper.verify({ [field]: value }));
    expect(answer).toMatchObject(refused(400, 'invalid_request'));
  });
});

describe('the backend', () => {
  test('may verify its own sessions only', async () => {
    const shopper = await here.open();
    const { paymentKey } = await shopper.agree();
    const body = { session: shopper.session.id, paymentKey };
    const foreign = await here.unchanged(shopper, () =>
      api(here.world.url, 'POST', '/payments/verify', { token: other.secretKey, body }),
    );
    expect(foreign).toMatchObject(refused(404, 'session_not_found'));
    expect((await here.backend('POST', '/payments/verify', body)).body.status).toBe('paid');
  });
});

describe('an account to pay into', () => {
  const issued = async () => {
    const shopper = await here.open({ prepare: { method: 'virtual_account' }, buyer: { name: '김하나' } });
    const { paymentKey } = await shopper.agree({ method: 'virtual_account' });
    return { shopper, answer: await shopper.verify({ paymentKey }) };
  };

  test('is issued by a verify, waits, and pays when the deposit is seen', async () => {
    const { shopper, answer } = await issued();
    expect(answer).toMatchObject({ status: 200, body: { status: 'pending', processing: false } });
    expect(answer.body.account).toMatchObject({ bank: expect.any(String), number: expect.stringMatching(/^X\d+$/) });
    expect(answer.body).not.toHaveProperty('receipt');
    await control(here.world, 'toss/deposit', { orderId: shopper.orderId, clientKey: 'test_ck_blog' });
    expect((await shopper.read()).status).toBe('pending');
    await here.later(61 * minute);
    const paid = await shopper.read();
    expect(paid).toMatchObject({ status: 'paid', receipt: { method: 'virtual_account' } });
    expect(paid).not.toHaveProperty('account');
  });

  test('whose deposit was taken back waits again', async () => {
    const { shopper } = await issued();
    const order = { orderId: shopper.orderId, clientKey: 'test_ck_blog' };
    await control(here.world, 'toss/deposit', order);
    here.world.clock.advance(3_000);
    expect((await shopper.verify()).body.status).toBe('paid');
    await control(here.world, 'toss/deposit/reverse', order);
    here.world.clock.advance(3_000);
    expect((await shopper.verify()).body).toMatchObject({ status: 'pending', account: { number: expect.any(String) } });
    expect((await here.payment(shopper.id)).timeline).toContainEqual(expect.objectContaining({ to: 'reversed' }));
  });

  test('holds no other payment up', async () => {
    const { shopper } = await issued();
    const next = await shopper.prepare({ method: 'card' });
    expect(next).toMatchObject({ status: 200, body: { attempt: { no: 2 }, status: 'open' } });
    const { paymentKey } = await shopper.agree();
    expect((await shopper.verify({ paymentKey })).body.status).toBe('paid');
    expect(here.charges(shopper)).toBe(1);
  });

  test('that nobody pays into ends after its date', async () => {
    const { shopper, answer } = await issued();
    const dueAt = Date.parse(answer.body.account?.dueAt as string);
    await here.later(dueAt - here.world.clock.now() - minute);
    expect((await shopper.read()).status).toBe('pending');
    await here.later(63 * minute);
    expect((await shopper.read()).status).toBe('expired');
  });
});

describe('a session of nobody', () => {
  test('can not be verified with the token of another', async () => {
    const [mine, theirs] = [await here.open(), await here.open()];
    const { paymentKey } = await theirs.agree();
    const body = { session: theirs.session.id, paymentKey };
    const answer = await here.unchanged(theirs, () => mine.call('POST', '/payments/verify', body));
    expect(answer).toMatchObject(refused(404, 'session_not_found'));
    expect((await here.page(coffee)).status).toBe(201);
  });
});
