import { createHmac } from 'node:crypto';
import { Webhook } from '@portone/server-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox } from '../../demo/sandbox/sandbox.js';
import { clientKey, minutes } from './harness.js';
import type { Received } from './receiver.js';
import { useReceiver } from './receiver.js';
import { channel, store, useV2 } from './v2-harness.js';

const all = useV2();
const { time, control, v2, paid, cancel, agreed } = all;
const merchant = useReceiver();
const { received, answerWith } = merchant;

const run = async () => (await control('webhooks/run', {})).body.attempts;
const deliveries = async () => (await control('webhooks')).body.deliveries;
const types = () =>
  received().map(({ json, text }) => json?.type ?? json?.eventType ?? json?.status ?? text.slice(0, 9));
const fault = (order: object) => control('faults', { on: 'webhook', ...order });

/** By hand, not with the sandbox's own code. */
function isSigned({ headers, text }: Received, secret = store.webhookSecret): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

beforeEach(async () => {
  const plain = { webhookVersion: '2024-04-25', webhookForm: false };
  await v2('stores', { storeId: store.storeId, webhookUrl: merchant.url(), ...plain });
  await control('toss/webhook', { clientKey, url: merchant.url() });
});

describe('a V2 webhook', () => {
  it('tells of the window that opened and of the payment, in order, signed with the wall’s time', async () => {
    const { paymentId, said } = await paid();
    await run();
    expect(types()).toEqual(['Transaction.Ready', 'Transaction.Paid']);
    const [, second] = received() as [Received, Received];
    expect(second.json).toEqual({
      ...{ type: 'Transaction.Paid', timestamp: new Date(time.now).toISOString() },
      data: { storeId: store.storeId, paymentId, transactionId: said.txId },
    });
    expect(received().every((each) => isSigned(each))).toBe(true);
    expect(Math.abs(Number(second.headers['webhook-timestamp']) * 1000 - Date.now())).toBeLessThan(minutes(1));
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  it.each<[string, (paymentId: string) => Promise<unknown>, Record<string, unknown>, string[]]>([
    ['a declined card', async () => {}, { card: '4300000000000002' }, ['Failed']],
    ['a part that went back', (paymentId) => cancel(paymentId, { amount: 1 }), {}, ['Paid', 'PartialCancelled']],
    ['all that went back', (paymentId) => v2('cancel', { paymentId }), {}, ['Paid', 'Cancelled']],
    ['no cancel that asked for silence', (paymentId) => cancel(paymentId, { skipWebhook: true }), {}, ['Paid']],
    [
      'an account and its deposit',
      (paymentId) => v2('deposit', { paymentId }),
      { method: 'virtual_account' },
      ['VirtualAccountIssued', 'Paid'],
    ],
  ])('tells of %s', async (_what, act, more, expected) => {
    const { paymentId } = await paid(more);
    await act(paymentId);
    await run();
    expect(types().slice(1)).toEqual(expected.map((word) => `Transaction.${word}`));
    const { cancellationId } = received().at(-1)?.json.data ?? {};
    expect(cancellationId === undefined).toBe(!expected.at(-1)?.endsWith('Cancelled'));
  });

  it('tells of what stays pending and how it ended', async () => {
    await control('faults', { on: 'approve', kind: 'pending' });
    const { paymentId } = await paid();
    await v2('settle', { paymentId });
    await control('faults', { on: 'cancel', kind: 'pending' });
    await cancel(paymentId);
    await v2('cancel/settle', { paymentId });
    await run();
    expect(types().slice(1)).toEqual(
      ['PayPending', 'Paid', 'CancelPending', 'Cancelled'].map((it) => `Transaction.${it}`),
    );
  });

  it('in the old version names the payment and a status, as JSON or as a form', async () => {
    await v2('stores', { storeId: store.storeId, webhookVersion: '2024-01-01' });
    const { paymentId, said } = await paid();
    await v2('stores', { storeId: store.storeId, webhookForm: true });
    await cancel(paymentId);
    await run();
    expect(received()[1]?.json).toEqual({ payment_id: paymentId, tx_id: said.txId, status: 'Paid' });
    expect(Object.fromEntries(new URLSearchParams(received()[2]?.text))).toMatchObject({ status: 'Cancelled' });
    expect(received().every((each) => isSigned(each))).toBe(true);
  });

  it('goes to the addresses that the payment named, instead of the store’s', async () => {
    const other = `${merchant.url()}/other`;
    await paid({ noticeUrls: [other, 'https://shop.example/hook'] });
    await run();
    expect((await deliveries()).map((each: any) => [each.url, each.state])).toEqual([
      [other, 'delivered'],
      ['https://shop.example/hook', 'refused'],
      [other, 'delivered'],
      ['https://shop.example/hook', 'refused'],
    ]);
  });

  it('is tried again after 1, 4, 16, 64 and 256 minutes, with one id, and then given up', async () => {
    await fault({ kind: 'never', event: 'Transaction.Ready' });
    answerWith(500, 404, 302, 'drop', 500, 500);
    await paid();
    await run();
    for (const wait of [1, 4, 16, 64, 256]) {
      time.now += minutes(wait) - 1;
      expect(await run()).toBe(0);
      time.now += 1;
      expect(await run()).toBe(1);
    }
    const [, delivery] = await deliveries();
    expect([delivery.state, delivery.attempts.map((each: any) => each.status ?? 'none')]).toEqual([
      'given_up',
      [500, 404, 302, 'none', 500, 500],
    ]);
    expect(new Set(received().map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(received().every((each) => isSigned(each))).toBe(true);
    const again = await control(`webhooks/${delivery.id}/resend`, {});
    expect([again.body.state, received().length]).toEqual(['delivered', 7]);
  });

  it('counts any 2xx as taken', async () => {
    answerWith(204, 202);
    await paid();
    await run();
    expect((await deliveries()).map((each: any) => each.state)).toEqual(['delivered', 'delivered']);
  });
});

describe('PortOne’s own verification', () => {
  const secret = store.webhookSecret;
  const read = ({ text, headers }: Received) => Webhook.verify(secret, text, headers as Record<string, string>);

  it('takes what the sandbox signed, and neither what was forged nor what is old', async () => {
    await fault({ kind: 'forged', event: 'Transaction.Ready' });
    await fault({ kind: 'old', event: 'Transaction.Cancelled' });
    const { paymentId } = await paid();
    await cancel(paymentId);
    await run();
    const [forged, genuine, old] = received() as [Received, Received, Received];
    expect(await read(genuine)).toMatchObject({ type: 'Transaction.Paid', data: { paymentId } });
    await expect(read(forged)).rejects.toMatchObject({ reason: 'NO_MATCHING_SIGNATURE' });
    await expect(read(old)).rejects.toMatchObject({ reason: 'TIMESTAMP_TOO_OLD' });
  });
});

describe('a Toss webhook', () => {
  const confirm = (payment: object) => all.toss('POST', '/v1/payments/confirm', payment);

  it('of a card is the whole payment, unsigned, with an id and a count', async () => {
    const payment = await agreed();
    await confirm(payment);
    await run();
    expect(received()).toHaveLength(1);
    const [{ headers, json }] = received() as [Received];
    expect(json).toMatchObject({
      ...{ eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-11-21T12:00:00.000000' },
      data: { status: 'DONE', paymentKey: payment.paymentKey, orderId: payment.orderId, totalAmount: 15000 },
    });
    expect(headers['tosspayments-webhook-transmission-id']).toMatch(/^[\w-]{36}$/);
    expect(headers['tosspayments-webhook-transmission-retried-count']).toBe('0');
    expect(Object.keys(headers).some((name) => name.includes('signature'))).toBe(false);
  });

  it('of a virtual account is flat, with the secret that the confirm told; the payment event comes besides', async () => {
    const payment = await agreed({ method: 'virtual_account' });
    const { body } = await confirm(payment);
    const { orderId } = payment;
    for (const action of ['deposit', 'deposit/reverse', 'deposit']) await control(`toss/${action}`, { orderId });
    await control('toss/cancel', { orderId, amount: 5000 });
    await run();
    const flat = received().filter(({ json }) => json.eventType === undefined);
    expect(flat.map(({ json }) => json.status)).toEqual([
      ...['WAITING_FOR_DEPOSIT', 'DONE', 'WAITING_FOR_DEPOSIT', 'DONE', 'PARTIAL_CANCELED'],
    ]);
    expect(flat.every(({ json }) => json.secret === body.secret && json.orderId === orderId)).toBe(true);
    expect(Object.keys(flat[0]?.json).sort()).toEqual(['createdAt', 'orderId', 'secret', 'status', 'transactionKey']);
    const events = received().filter(({ json }) => json.eventType !== undefined);
    expect(events.map(({ json }) => json.data.status)).toEqual(['DONE', 'DONE', 'PARTIAL_CANCELED']);
  });

  it('tells of a declined and of an expired payment, not of a window that opened or closed', async () => {
    await confirm(await agreed({ card: '4300000000000002' }));
    await agreed();
    time.now += minutes(10) + 1;
    await run();
    expect(received().map(({ json }) => json.data.status)).toEqual(['ABORTED', 'EXPIRED']);
  });

  it('is tried again after 1, 4, 16, 64, 256, 1024 and 4096 minutes; nothing but 200 is taken', async () => {
    answerWith(...Array(8).fill(204));
    await confirm(await agreed());
    await run();
    for (const wait of [1, 4, 16, 64, 256, 1024, 4096]) {
      time.now += minutes(wait);
      expect(await run()).toBe(1);
    }
    expect((await deliveries())[0].state).toBe('given_up');
    const counts = received().map(({ headers }) => headers['tosspayments-webhook-transmission-retried-count']);
    expect(counts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  it('of chosen events only, and none once the address is taken back', async () => {
    await control('toss/webhook', { clientKey, url: merchant.url(), events: ['DEPOSIT_CALLBACK'] });
    await confirm(await agreed());
    await control('toss/webhook', { clientKey, url: null });
    await confirm(await agreed({ method: 'virtual_account' }));
    await run();
    expect(received()).toEqual([]);
  });
});

describe('a webhook fault', () => {
  const quietOpening = () => fault({ kind: 'never', event: 'Transaction.Ready' });

  it('before_reply arrives before the answer to the call that caused it', async () => {
    await fault({ kind: 'before_reply', event: 'Transaction.Cancelled' });
    const { paymentId } = await paid();
    await run();
    await cancel(paymentId);
    expect(types().at(-1)).toBe('Transaction.Cancelled');
    await fault({ kind: 'before_reply', event: 'PAYMENT_STATUS_CHANGED' });
    await all.toss('POST', '/v1/payments/confirm', await agreed());
    expect(types().at(-1)).toBe('PAYMENT_STATUS_CHANGED');
  });

  it('before_reply holds the shopper’s window and the control API too', async () => {
    await fault({ kind: 'before_reply', times: 2, event: 'Transaction.Paid' });
    await paid();
    expect(types()).toEqual(['Transaction.Ready', 'Transaction.Paid']);
    const { body } = await v2('open', { channelKey: channel('card'), paymentId: all.newOrder(), amount: 9000 });
    await all.call('POST', `${body.path}/pay`, { method: 'card' });
    expect(types().at(-1)).toBe('Transaction.Paid');
  });

  it('twice sends the same one two times', async () => {
    await quietOpening();
    await fault({ kind: 'twice' });
    await paid();
    await run();
    expect(types()).toEqual(['Transaction.Paid', 'Transaction.Paid']);
    expect(new Set(received().map(({ headers, text }) => headers['webhook-id'] + text)).size).toBe(1);
  });

  it('reversed lets the next one go first, or waits a minute for it', async () => {
    await quietOpening();
    await fault({ kind: 'reversed', event: 'Transaction.Paid', times: 2 });
    const { paymentId } = await paid();
    expect(await run()).toBe(0);
    await cancel(paymentId);
    await run();
    expect(types()).toEqual(['Transaction.Cancelled', 'Transaction.Paid']);
    await paid();
    await run();
    time.now += minutes(1);
    await run();
    expect(types().slice(2)).toEqual(['Transaction.Ready', 'Transaction.Paid']);
  });

  it('late and never do what they say', async () => {
    await quietOpening();
    await fault({ kind: 'late', ms: minutes(30) });
    await paid();
    time.now += minutes(30) - 1;
    expect(await run()).toBe(0);
    time.now += 1;
    expect(await run()).toBe(1);
    const [never] = await deliveries();
    expect(never).toMatchObject({ event: 'Transaction.Ready', state: 'dropped', fault: 'never', attempts: [] });
  });

  it.each<[string, (first: Received) => boolean]>([
    ['forged', (first) => !isSigned(first) && first.headers['webhook-signature']?.startsWith('v1,') === true],
    ['unsigned', ({ headers }) => headers['webhook-signature'] === undefined && headers['webhook-id'] === undefined],
    ['old', (first) => isSigned(first) && Number(first.headers['webhook-timestamp']) * 1000 < Date.now() - minutes(9)],
    ['giant', (first) => isSigned(first) && first.text.length > 5_000_000],
    ['not_json', (first) => isSigned(first) && first.json === undefined],
    ['other_version', (first) => isSigned(first) && first.json.imp_uid !== undefined && first.json.type === undefined],
    ['unknown_type', (first) => isSigned(first) && first.json.type === 'Transaction.BrandNew'],
  ])('%s spoils the first attempt; refused, it is repeated whole', async (kind, isSpoiled) => {
    await quietOpening();
    await fault({ kind });
    answerWith(400);
    await paid();
    await run();
    expect(isSpoiled(received()[0] as Received)).toBe(true);
    time.now += minutes(1);
    await run();
    expect(types().at(-1)).toBe('Transaction.Paid');
    expect(
      received()
        .map((each) => isSigned(each))
        .at(-1),
    ).toBe(true);
  });

  it('forged on Toss lies about the status and knows no secret', async () => {
    await fault({ kind: 'forged', times: 2 });
    const payment = await agreed({ method: 'virtual_account' });
    const { body } = await all.toss('POST', '/v1/payments/confirm', payment);
    await all.toss('POST', `/v1/payments/${payment.paymentKey}/cancel`, { cancelReason: 'x' });
    await run();
    const [issued, canceled] = received() as [Received, Received];
    expect([issued.json.status, issued.json.secret === body.secret]).toEqual(['DONE', false]);
    expect(canceled.json.data.status).toBe('DONE');
  });

  it('can be for one provider and one order', async () => {
    await fault({ kind: 'never', provider: 'toss' });
    await fault({ kind: 'never', orderId: 'somebody-else' });
    await paid();
    await run();
    expect(types()).toEqual(['Transaction.Ready', 'Transaction.Paid']);
  });
});

describe('the sandbox', () => {
  it.each([
    'https://shop.example/hook',
    'http://10.0.0.1/',
    'http://[::ffff:7f00:1]/',
    'ftp://127.0.0.1/',
    'http://127.0.0.1.example/',
  ])('calls nobody but this machine: %s', async (url) => {
    expect((await v2('stores', { storeId: store.storeId, webhookUrl: url })).status).toBe(400);
    expect((await control('toss/webhook', { clientKey, url })).status).toBe(400);
  });

  it('gives a receiver that never answers its time, and no more', async () => {
    const quick = createSandbox({ webhookTimeoutMs: 50, webhookTimerMs: 10 });
    const at = await quick.listen(0);
    const post = (path: string, body: object) =>
      fetch(`${at.url}/control/${path}`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      });
    answerWith('hang', 'hang');
    await post('portone-v2/stores', { storeId: store.storeId, webhookUrl: merchant.url() });
    await post('portone-v2/open', { channelKey: channel('card'), paymentId: 'hanging-0001', amount: 9000 });
    await quick.webhooks.run();
    expect(quick.webhooks.log()).toMatchObject([{ state: 'waiting', attempts: [{ error: 'TimeoutError' }] }]);
    // Then its timer sends what the moved clock makes due.
    await post('clock', { advanceMs: minutes(1) });
    while (received().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await at.close();
  });

  it('lists what became of each, of one order if asked', async () => {
    const { paymentId } = await paid();
    await paid();
    await run();
    const { body } = await control(`webhooks?orderId=${paymentId}`);
    expect(body.deliveries).toMatchObject([
      {
        provider: 'portone-v2',
        event: 'Transaction.Ready',
        orderId: paymentId,
        attempts: [{ status: 200, at: time.now }],
      },
      { event: 'Transaction.Paid', state: 'delivered' },
    ]);
    expect((await control('webhooks/nothing/resend', {})).status).toBe(404);
  });

  it('refuses a store that is none', async () => {
    const bad = (more: object) => v2('stores', { storeId: 'store-bad', apiSecret: 'x', ...more });
    for (const more of [{ apiSecret: '' }, { channels: [{}] }, { webhookSecret: '' }, { webhookVersion: 'next' }])
      expect((await bad(more)).status).toBe(400);
    expect((await bad({})).status).toBe(200);
  });
});
