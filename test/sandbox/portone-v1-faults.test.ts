import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../demo/sandbox/faults.js';
import { outcome, useV1 } from './v1-harness.js';

const { call, control, v1, rest, unauthorized, getToken, paid, look, cancel, prepare, newOrder } = useV1();
const charges = async () => (await control('books')).body.charges;
const refunds = async () => (await control('books')).body.cancellations;
const arm = (on: string, kind: string, more: object = {}) =>
  control('faults', { on, kind, provider: 'portone-v1', ...more });
const found = (impUid: string) => rest('GET', `/payments/${impUid}?include_sandbox=true`);

describe('a fault on the approval', () => {
  it('wrong_amount and wrong_currency really charge something else, unseen by the browser', async () => {
    await arm('approve', 'wrong_amount', { amount: 1 });
    const less = await paid();
    await arm('approve', 'wrong_currency');
    const dollars = await paid();
    expect([less.said.error_code, dollars.said.error_code]).toEqual([undefined, undefined]);
    expect(await look(less.imp_uid)).toMatchObject({ amount: 1, status: 'paid' });
    expect(await look(dollars.imp_uid)).toMatchObject({ amount: 150, currency: 'USD', status: 'paid' });
  });

  it('error is the payment company’s no, in its own words', async () => {
    await arm('approve', 'error', { code: 'FDS_ERROR' });
    const { imp_uid, said } = await paid();
    expect([said.error_code, (await look(imp_uid)).status]).toEqual(['FDS_ERROR', 'failed']);
    expect(await charges()).toEqual([]);
  });

  it('duplicate_order approves a merchant_uid twice: two paid records under it', async () => {
    const merchant_uid = newOrder();
    const open = { merchant_uid, amount: 15000 };
    const [first, second] = [await v1('open', open), await v1('open', open)];
    await v1('authenticate', { imp_uid: first.body.imp_uid });
    await arm('approve', 'duplicate_order');
    await v1('authenticate', { imp_uid: second.body.imp_uid });
    expect(await charges()).toHaveLength(2);
    const { body } = await rest('GET', `/payments/findAll/${merchant_uid}/paid?include_sandbox=true`);
    expect(body.response.list.map((each: any) => each.imp_uid)).toEqual([second.body.imp_uid, first.body.imp_uid]);
    await cancel({ merchant_uid });
    await cancel({ merchant_uid });
    expect((await refunds()).map((each: any) => each.record)).toEqual([first.body.imp_uid, second.body.imp_uid]);
  });

  it('duplicate_order opens a paid merchant_uid again', async () => {
    const { merchant_uid } = await paid();
    expect((await v1('open', { merchant_uid, amount: 15000 })).body.error_code).toBe('ALREADY_PAID');
    await arm('approve', 'duplicate_order');
    await paid({ merchant_uid });
    expect(await charges()).toHaveLength(2);
  });

  it('charge_then_drop loses the window’s answer; leaving it tells how it really ended', async () => {
    const { body } = await v1('open', { merchant_uid: newOrder(), amount: 15000 });
    await arm('approve', 'charge_then_drop');
    await expect(call('POST', `${body.path}/pay`, { method: 'card' })).rejects.toThrow();
    expect((await call('POST', `${body.path}/pay`, { method: 'card' })).body.code).toBe('processed');
    const left = await call('POST', `${body.path}/cancel`, {});
    expect(left.body.detail).toEqual({ imp_uid: body.imp_uid, merchant_uid: body.merchant_uid });
    expect(await charges()).toHaveLength(1);
  });
});

describe('a fault on the other calls', () => {
  it('hides a payment once, or answers with an error, or with a code of V1’s', async () => {
    const { imp_uid } = await paid();
    await arm('lookup', 'not_found_once');
    await arm('lookup', '500');
    await arm('lookup', 'error', { code: '-1' });
    await arm('lookup', 'error', { code: '3', status: 400 });
    const seen = [];
    for (let n = 0; n < 5; n++) seen.push(outcome(await found(imp_uid)));
    expect(seen).toEqual(['404 -1', '500 -1', '200 -1', '400 3', '200 0']);
  });

  it('gives money back although no answer came, or none although it was asked', async () => {
    const one = await paid();
    await arm('cancel', 'cancel_then_drop', { orderId: one.merchant_uid });
    await expect(cancel({ imp_uid: one.imp_uid })).rejects.toThrow();
    expect((await look(one.imp_uid)).status).toBe('cancelled');
    const two = await paid();
    for (const kind of ['cancel_500', 'in_progress', 'cancel_then_500']) await arm('cancel', kind);
    const body = { imp_uid: two.imp_uid, amount: 5000 };
    expect([outcome(await cancel(body)), outcome(await cancel(body))]).toEqual(['500 -1', '409 -1']);
    expect((await look(two.imp_uid)).cancel_amount).toBe(0);
    expect(outcome(await cancel(body))).toBe('500 -1');
    expect((await look(two.imp_uid)).cancel_amount).toBe(5000);
  });

  it('keeps an account from being closed, and a preparation from being made', async () => {
    const { imp_uid, merchant_uid } = await paid({ method: 'virtual_account' });
    await arm('cancel', 'cancel_then_drop', { orderId: merchant_uid });
    await expect(rest('DELETE', `/vbanks/${imp_uid}`)).rejects.toThrow();
    expect((await look(imp_uid)).status).toBe('cancelled');
    const body = { merchant_uid: newOrder(), amount: 100 };
    await arm('pre_register', '500', { orderId: body.merchant_uid });
    expect(outcome(await prepare(body))).toBe('500 -1');
    expect(outcome(await prepare(body, 'PUT'))).toBe('404 -1');
    await arm('pre_register', 'drop');
    await expect(prepare(body)).rejects.toThrow();
  });

  it('keeps a token from being given', async () => {
    await arm('token', '500');
    await arm('token', 'drop');
    await arm('token', 'error', { code: '-1' });
    expect(outcome(await getToken())).toBe('500 -1');
    await expect(getToken()).rejects.toThrow();
    expect(outcome(await getToken())).toBe('200 -1');
    expect(outcome(await getToken())).toBe('200 0');
  });

  it('loses the list', async () => {
    await paid();
    for (const kind of ['500', 'drop']) await arm('list', kind);
    const list = () => rest('GET', '/payments/status/paid?include_sandbox=true');
    expect(outcome(await list())).toBe('500 -1');
    await expect(list()).rejects.toThrow();
    expect((await list()).body.response.total).toBe(1);
  });

  it('aimed at one provider leaves the other alone', async () => {
    const { imp_uid } = await paid();
    await control('faults', { on: 'lookup', kind: '500', provider: 'portone-v2' });
    expect(outcome(await found(imp_uid))).toBe('200 0');
  });

  it.each(Object.keys(faultKinds.lookup).filter((kind) => !['timeout', 'slow', 'error'].includes(kind)))(
    'on the lookup, %s is never a payment',
    async (kind) => {
      const { imp_uid } = await paid();
      const { access_token } = (await getToken()).body.response;
      await arm('lookup', kind);
      const ask = () =>
        unauthorized('GET', `/payments/${imp_uid}?include_sandbox=true`, undefined, { authorization: access_token });
      expect(await ask().then(outcome, () => 'no answer')).not.toBe('200 0');
    },
  );
});
