import { describe, expect, it } from 'vitest';
import { channel, outcome, useV1 } from './v1-harness.js';

const { url, time, control, v1, rest, unauthorized, getToken, paid, look, cancel } = useV1();
const given = async () => (await control('books')).body.cancellations.map((each: any) => each.amount);
const account = { refund_holder: '박포원', refund_bank: '088', refund_account: '110123456789' };

async function deposited() {
  const { imp_uid } = await paid({ method: 'virtual_account' });
  await v1('deposit', { imp_uid });
  return imp_uid;
}

describe('POST /payments/cancel', () => {
  it.each([[{}], [{ amount: 0 }], [{ amount: null }], [{ amount: '' }]])(
    'with %j gives everything back',
    async (more) => {
      const { imp_uid } = await paid();
      const { body } = await cancel({ imp_uid, ...more });
      expect(body.response).toMatchObject({
        ...{ imp_uid, status: 'cancelled', amount: 15000, cancel_amount: 15000, cancelled_at: time.now / 1000 },
        cancel_history: [{ amount: 15000, reason: '고객 변심', cancellation_id: expect.stringMatching(/./) }],
      });
      expect(await given()).toEqual([15000]);
    },
  );

  it('gives a part, which leaves it paid, and then the rest', async () => {
    const { imp_uid, merchant_uid } = await paid();
    const part = (await cancel({ imp_uid, amount: 5000, checksum: 15000 })).body.response;
    expect([part.status, part.cancel_amount]).toEqual(['paid', 5000]);
    const rest = (await cancel({ merchant_uid, checksum: 10000 })).body.response;
    expect(rest).toMatchObject({ status: 'cancelled', cancel_amount: 15000 });
    expect(rest.cancel_history.map((each: any) => each.amount)).toEqual([5000, 10000]);
  });

  it('has no key: without a checksum the same call twice gives back twice', async () => {
    const { imp_uid } = await paid();
    const once = { imp_uid, amount: 5000, checksum: 15000 };
    expect(outcome(await cancel(once))).toBe('200 0');
    expect(outcome(await cancel(once))).toBe('200 1');
    expect(outcome(await cancel({ imp_uid, amount: 5000 }))).toBe('200 0');
    expect(await given()).toEqual([5000, 5000]);
  });

  it.each<[string, object]>([
    ['more than there is', { amount: 15001 }],
    ['half a won', { amount: 0.5 }],
    ['another balance than it has', { checksum: 14999 }],
    ['a balance of 0', { checksum: 0 }],
  ])('of %s is code 1 in HTTP 200, and nothing goes back', async (_what, body) => {
    const { imp_uid } = await paid();
    expect(outcome(await cancel({ imp_uid, ...body }))).toBe('200 1');
    expect(await given()).toEqual([]);
  });

  it('of what was given back, never paid, or is nobody’s is code 1', async () => {
    const { imp_uid, merchant_uid } = await paid();
    await cancel({ imp_uid });
    expect(outcome(await cancel({ imp_uid }))).toBe('200 1');
    const { imp_uid: declined } = await paid({ card: '4300000000000002' });
    expect(outcome(await cancel({ imp_uid: declined }))).toBe('200 1');
    const other = await paid();
    expect(outcome(await cancel({ imp_uid: 'imp_000000000000', merchant_uid: other.merchant_uid }))).toBe('200 1');
    expect(outcome(await cancel({ merchant_uid: `${merchant_uid}-not` }))).toBe('200 1');
    expect(await given()).toEqual([15000]);
  });

  it.each([[{}], [{ imp_uid: 'x', amount: -1 }], [{ imp_uid: 'x', amount: 'all' }], [{ imp_uid: 'x', checksum: {} }]])(
    'refuses %j as no request',
    async (body) => {
      expect(outcome(await cancel(body))).toBe('400 -1');
    },
  );

  it('takes a form, whose numbers are texts', async () => {
    const { imp_uid } = await paid();
    const { access_token } = (await getToken()).body.response;
    const body = new URLSearchParams({ imp_uid, amount: '5000', checksum: '15000', reason: 'form' });
    const headers = { authorization: access_token };
    const response = await fetch(`${url()}/portone-v1/payments/cancel`, { method: 'POST', headers, body });
    expect((await response.json()).response.cancel_history).toMatchObject([{ amount: 5000, reason: 'form' }]);
  });

  it('of dollars is exact', async () => {
    const { imp_uid } = await paid({ method: 'paypal', channelKey: channel('paypal'), amount: 664.98 });
    expect((await cancel({ imp_uid, amount: 14.2, checksum: 664.98 })).body.response.cancel_amount).toBe(14.2);
    expect((await control('books')).body.cancellations).toMatchObject([{ amount: 1420, currency: 'USD' }]);
  });

  it('that the company has only taken up is not in the history until it is done', async () => {
    const { imp_uid } = await paid();
    await control('faults', { on: 'cancel', kind: 'pending' });
    const asked = await cancel({ imp_uid, amount: 5000 });
    expect(asked.body).toMatchObject({ code: 0, response: { status: 'paid', cancel_amount: 0, cancel_history: [] } });
    expect(outcome(await cancel({ imp_uid, amount: 15000 }))).toBe('200 1');
    await v1('cancel/settle', { imp_uid });
    expect(await look(imp_uid)).toMatchObject({ cancel_amount: 5000, cancel_history: [{ amount: 5000 }] });
  });
});

describe('a deposit', () => {
  it.each(['refund_holder', 'refund_bank', 'refund_account'])('does not go back without %s', async (name) => {
    const imp_uid = await deposited();
    expect(outcome(await cancel({ imp_uid, ...account, [name]: undefined }))).toBe('200 1');
    expect(await given()).toEqual([]);
  });

  it.each([{ refund_bank: '999' }, { refund_account: '110-123' }])('does not go back to %j', async (change) => {
    const imp_uid = await deposited();
    expect(outcome(await cancel({ imp_uid, ...account, ...change }))).toBe('200 1');
  });

  it.each(['088', '88', 'SHINHAN'])('goes back to the account that was named, the bank as %s', async (refund_bank) => {
    const imp_uid = await deposited();
    expect((await cancel({ imp_uid, ...account, refund_bank })).body.response.status).toBe('cancelled');
    const { records } = (await control('books')).body;
    expect(records.at(-1).cancellations[0].account).toEqual({
      bank: 'SHINHAN',
      number: '110123456789',
      holder: '박포원',
    });
  });
});

describe('DELETE /vbanks/{imp_uid}', () => {
  const close = (impUid: string) => rest('DELETE', `/vbanks/${impUid}`);

  it('gives up an account that nobody has paid into, and nothing goes back', async () => {
    const { imp_uid } = await paid({ method: 'virtual_account' });
    expect(outcome(await cancel({ imp_uid }))).toBe('200 1');
    expect((await close(imp_uid)).body.response).toMatchObject({ status: 'cancelled', cancel_amount: 0, paid_at: 0 });
    expect(await given()).toEqual([]);
    expect(outcome(await close(imp_uid))).toBe('400 -1');
    expect((await v1('deposit', { imp_uid })).status).toBe(409);
  });

  it('refuses what was paid, what is no account, and what there is not', async () => {
    expect(outcome(await close(await deposited()))).toBe('400 -1');
    expect(outcome(await close((await paid()).imp_uid))).toBe('400 -1');
    expect(outcome(await close('imp_000000000000'))).toBe('404 -1');
    expect(outcome(await unauthorized('DELETE', '/vbanks/imp_000000000000'))).toBe('401 -1');
  });
});
