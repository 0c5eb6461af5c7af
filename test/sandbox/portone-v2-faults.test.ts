import { describe, expect, it } from 'vitest';
import { channel, quoted, refusal, useV2 } from './v2-harness.js';

const { call, control, v2, unchecked, paid, newOrder } = useV2();
const charges = async () => (await control('books')).body.charges;
const look = (paymentId: string) => unchecked('GET', `/payments/${paymentId}`);
const cancel = (paymentId: string, headers = {}) =>
  unchecked('POST', `/payments/${paymentId}/cancel`, { reason: 'x' }, headers);

async function manual(more: object = {}) {
  const { paymentId, said } = await paid({ channelKey: channel('manual'), ...more });
  const confirm = (headers = {}) =>
    unchecked('POST', `/payments/${paymentId}/confirm`, { paymentToken: said.paymentToken }, headers);
  return { paymentId, confirm };
}

describe('a fault on the confirm', () => {
  it.each(['charge_then_drop', 'charge_then_html'])('%s loses the answer; the key brings the success', async (kind) => {
    const { paymentId, confirm } = await manual();
    await control('faults', { on: 'confirm', kind });
    await expect(confirm(quoted('a'))).rejects.toThrow();
    expect((await look(paymentId)).body.status).toBe('PAID');
    expect((await confirm(quoted('a'))).status).toBe(200);
    expect(await charges()).toHaveLength(1);
  });

  it('charge_then_500 is what the key remembers, and the money has moved', async () => {
    const { paymentId, confirm } = await manual();
    await control('faults', { on: 'confirm', kind: 'charge_then_500' });
    for (let again = 0; again < 2; again++) expect((await confirm(quoted('a'))).status).toBe(500);
    expect((await look(paymentId)).body.status).toBe('PAID');
  });

  it('error_500_without_charge, in_progress and error move nothing', async () => {
    const { paymentId, confirm } = await manual();
    await control('faults', { on: 'confirm', kind: 'error_500_without_charge' });
    expect((await confirm()).status).toBe(500);
    await control('faults', { on: 'confirm', kind: 'in_progress' });
    expect(refusal(await confirm(quoted('a')))).toBe('409 IDEMPOTENCY_OUTSTANDING_REQUEST');
    await control('faults', { on: 'confirm', code: 'PG_PROVIDER' });
    expect((await confirm()).body).toMatchObject({ type: 'PG_PROVIDER', pgCode: 'PROVIDER_ERROR' });
    expect((await look(paymentId)).body.status).toBe('READY');
    expect((await confirm(quoted('a'))).status).toBe(200);
  });

  it('wrong_amount and wrong_currency really charge something else', async () => {
    const [more, dollars] = [await manual(), await manual()];
    await control('faults', { on: 'confirm', kind: 'wrong_amount', orderId: more.paymentId });
    await control('faults', { on: 'confirm', kind: 'wrong_currency', orderId: dollars.paymentId });
    await more.confirm();
    await dollars.confirm();
    expect((await look(more.paymentId)).body.amount.total).toBe(16000);
    expect((await look(dollars.paymentId)).body.currency).toBe('USD');
  });
});

describe('a fault on automatic approval', () => {
  it('wrong_amount charges another total, unseen by the browser', async () => {
    await control('faults', { on: 'approve', kind: 'wrong_amount', amount: 1 });
    const { paymentId, said } = await paid();
    expect(said.code).toBeUndefined();
    expect((await look(paymentId)).body.amount).toMatchObject({ total: 1, paid: 1 });
  });

  it('error is the payment company’s no, in its own words', async () => {
    await control('faults', { on: 'approve', kind: 'error', code: 'FDS_ERROR' });
    const { paymentId, said } = await paid();
    expect([said.pgCode, (await look(paymentId)).body.status]).toEqual(['FDS_ERROR', 'FAILED']);
  });

  it('duplicate_order approves a paymentId twice; the one that is refunded makes way for the other', async () => {
    const paymentId = newOrder();
    const open = { channelKey: channel('card'), paymentId, amount: 15000 };
    const [first, second] = [await v2('open', open), await v2('open', open)];
    await v2('authenticate', { txId: first.body.txId });
    await control('faults', { on: 'approve', kind: 'duplicate_order' });
    await v2('authenticate', { txId: second.body.txId });
    expect(await charges()).toHaveLength(2);
    expect((await look(paymentId)).body.transactionId).toBe(first.body.txId);
    await cancel(paymentId);
    expect((await look(paymentId)).body).toMatchObject({ status: 'PAID', transactionId: second.body.txId });
    await cancel(paymentId);
    expect((await look(paymentId)).body.status).toBe('CANCELLED');
  });

  it('charge_then_drop loses the window’s answer; leaving it tells how it really ended', async () => {
    const { body } = await v2('open', { channelKey: channel('card'), paymentId: newOrder(), amount: 15000 });
    await control('faults', { on: 'approve', kind: 'charge_then_drop' });
    await expect(call('POST', `${body.path}/pay`, { method: 'card' })).rejects.toThrow();
    expect((await call('POST', `${body.path}/pay`, { method: 'card' })).body.code).toBe('processed');
    const left = await call('POST', `${body.path}/cancel`, {});
    expect(left.body.detail).toEqual({ transactionType: 'PAYMENT', txId: body.txId, paymentId: body.paymentId });
    expect(await charges()).toHaveLength(1);
  });
});

describe('a fault on the other calls', () => {
  it('hides a payment once, or answers with an error', async () => {
    const { paymentId } = await paid();
    await control('faults', { on: 'lookup', kind: 'not_found_once' });
    await control('faults', { on: 'lookup', kind: '500' });
    expect(refusal(await look(paymentId))).toBe('404 PAYMENT_NOT_FOUND');
    expect((await look(paymentId)).status).toBe(500);
    expect((await look(paymentId)).status).toBe(200);
  });

  it('gives money back although no answer came; the key brings it', async () => {
    const { paymentId } = await paid();
    await control('faults', { on: 'cancel', kind: 'cancel_then_drop' });
    await expect(cancel(paymentId, quoted('r'))).rejects.toThrow();
    expect((await cancel(paymentId, quoted('r'))).body.cancellation.status).toBe('SUCCEEDED');
    await control('faults', { on: 'cancel', kind: 'cancel_500' });
    const other = await paid();
    expect((await cancel(other.paymentId)).status).toBe(500);
    expect((await look(other.paymentId)).body.status).toBe('PAID');
  });

  it('keeps a pre-registration from being made', async () => {
    const paymentId = newOrder();
    const preRegister = () => unchecked('POST', `/payments/${paymentId}/pre-register`, { totalAmount: 100 });
    await control('faults', { on: 'pre_register', kind: '500' });
    expect((await preRegister()).status).toBe(500);
    await control('faults', { on: 'pre_register', kind: 'drop' });
    await expect(preRegister()).rejects.toThrow();
    expect((await paid({ paymentId })).said.code).toBeUndefined();
  });

  it('aimed at one provider leaves the other alone', async () => {
    const { paymentId } = await paid();
    await control('faults', { on: 'lookup', kind: '500', provider: 'toss' });
    expect((await look(paymentId)).status).toBe(200);
    expect((await control('faults')).body.armed).toHaveLength(1);
  });
});
