import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { createPortOneV1 } from '../../../server/providers/portone-v1/portone-v1.js';
import { createPortOneV2 } from '../../../server/providers/portone-v2/portone-v2.js';
import type { PortOneV2Channel } from '../../../server/providers/provider.js';
import { createToss } from '../../../server/providers/toss/toss.js';
import { tossPayment } from './toss-payments.js';

const secretOf = (name: string) => `whsec_${Buffer.from(`${name}-0123456789abcdef`).toString('base64')}`;
const channel = (storeId: string, ...webhookSecrets: string[]): PortOneV2Channel => ({
  id: storeId,
  provider: 'portone-v2',
  environment: 'test',
  approval: 'automatic',
  currencies: ['KRW'],
  apiBase: 'http://127.0.0.1:1',
  script: 'https://cdn.portone.io/v2/browser-sdk.js',
  storeId,
  channelKey: 'channel-key-1',
  apiSecret: 'secret',
  webhookSecrets,
});
const [ours, next, theirs] = [secretOf('ours'), secretOf('next'), secretOf('theirs')] as const;
const channels = [channel('store-1', ours, next), channel('store-2', theirs)];
const v2 = createPortOneV2();
const toss = createToss();

const orderId = 'pay_01ABCDEFGHJKMNPQRSTVWXYZ00_1';
const paid = (changes: object = {}) =>
  JSON.stringify({
    type: 'Transaction.Paid',
    timestamp: '2026-01-01T03:01:00.123Z',
    data: { storeId: 'store-1', paymentId: orderId, transactionId: '0199-tx' },
    ...changes,
  });

/** As the Standard Webhooks library signs it. */
function signed(raw: string, { secret = ours, at = Date.now(), id = 'msg_1' } = {}) {
  const time = new Date(at);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, time, raw),
  };
}
const minutes = (count: number) => count * 60_000;
const readV2 = (raw: string, headers: Record<string, string | string[] | undefined> = signed(raw)) =>
  v2.readWebhook(channels, raw, headers);

describe('a webhook of PortOne V2', () => {
  test('is authentic by its signature, and names the payment to look at', async () => {
    expect(await readV2(paid())).toEqual({
      authentic: true,
      id: 'msg_1',
      kind: 'payment',
      event: 'Transaction.Paid',
      about: { orderId, record: '0199-tx' },
      says: 'paid',
    });
  });

  test.each([
    ['Transaction.Ready', 'opened'],
    ['Transaction.Paid', 'paid'],
    ['Transaction.Failed', undefined],
    ['Transaction.PartialCancelled', undefined],
    ['Transaction.VirtualAccountIssued', undefined],
  ])('%s says of a payment: %s', async (type, says) => {
    expect((await readV2(paid({ type }))) as { says?: string }).toHaveProperty('event', type);
    expect(((await readV2(paid({ type }))) as { says?: string }).says).toBe(says);
  });

  test.each([
    ['both secrets of a store while they are rotated', 'store-1', next],
    ['another store behind the same URL', 'store-2', theirs],
  ])('is authentic with %s', async (_what, storeId, secret) => {
    const raw = paid({ data: { storeId, paymentId: orderId, transactionId: 'tx' } });
    expect(await readV2(raw, signed(raw, { secret }))).toMatchObject({ authentic: true, about: { orderId } });
  });

  test('is authentic if one of several signatures fits', async () => {
    const raw = paid();
    const headers = signed(raw);
    const both = `v1,${Buffer.alloc(32).toString('base64')} v2,abc ${headers['webhook-signature']}`;
    expect(await readV2(raw, { ...headers, 'webhook-signature': both })).toMatchObject({ authentic: true });
  });

  test.each(['store-2', 'store-of-nobody', undefined, 7])(
    'about the store %j, whose secret did not sign it, is about nothing of ours',
    async (storeId) => {
      const read = await readV2(paid({ data: { storeId, paymentId: orderId, transactionId: 'tx' } }));
      expect(read).toMatchObject({ authentic: true, kind: 'payment' });
      expect(read).not.toHaveProperty('about');
    },
  );

  test.each([
    ['forged', () => signed(paid(), { secret: secretOf('forger') }), 'signature'],
    ['signed for another body', () => signed(paid({ timestamp: 'x' })), 'signature'],
    ['signed for another message', () => ({ ...signed(paid()), 'webhook-id': 'msg_2' }), 'signature'],
    ['six minutes old', () => signed(paid(), { at: Date.now() - minutes(6) }), 'expired'],
    ['six minutes ahead', () => signed(paid(), { at: Date.now() + minutes(6) }), 'expired'],
    ['of no time', () => ({ ...signed(paid()), 'webhook-timestamp': 'soon' }), 'signature'],
    ['without headers', () => ({}), 'unsigned'],
    ['without an id', () => ({ ...signed(paid()), 'webhook-id': undefined }), 'unsigned'],
    ['with two ids', () => ({ ...signed(paid()), 'webhook-id': ['msg_1', 'msg_2'] }), 'unsigned'],
    ['with an empty signature', () => ({ ...signed(paid()), 'webhook-signature': '' }), 'unsigned'],
    ['with a signature that is none', () => ({ ...signed(paid()), 'webhook-signature': 'v1,%%%' }), 'signature'],
  ] as const)('%s is refused', async (_what, headers, why) => {
    expect(await readV2(paid(), headers() as Record<string, string>)).toEqual({ authentic: false, why });
  });

  test('four minutes old it is still taken', async () => {
    const raw = paid();
    expect(await readV2(raw, signed(raw, { at: Date.now() - minutes(4) }))).toMatchObject({ authentic: true });
  });

  test('a body that was parsed and written again is refused: the signature is over the raw text', async () => {
    const raw = paid().replaceAll(':', ': ');
    expect(await readV2(JSON.stringify(JSON.parse(raw)), signed(raw))).toMatchObject({ authentic: false });
  });

  test('giant, it is refused before anything is worked out', async () => {
    const raw = paid({ padding: 'x'.repeat(300_000) });
    expect(await readV2(raw, signed(raw))).toEqual({ authentic: false, why: 'too_large' });
  });

  test('without any channel of this provider nothing is authentic', async () => {
    const raw = paid();
    expect(await v2.readWebhook([], raw, signed(raw))).toMatchObject({ authentic: false });
  });

  test.each([
    ['Transaction.Ready', 'payment'],
    ['Transaction.VirtualAccountIssued', 'payment'],
    ['Transaction.Failed', 'payment'],
    ['Transaction.PayPending', 'payment'],
    ['Transaction.PartialCancelled', 'payment'],
    ['Transaction.Cancelled', 'payment'],
    ['Transaction.CancelPending', 'payment'],
    ['Transaction.DisputeCreated', 'payment'],
    ['Transaction.BrandNew', 'payment'],
    ['Transaction.Confirm', 'other'],
    ['Something.Else', 'other'],
    ['<script>', 'other'],
  ])('%s is of the kind %s', async (type, kind) => {
    const read = await readV2(paid({ type }));
    expect(read).toMatchObject({ authentic: true, kind, event: type.startsWith('<') ? 'unrecognized' : type });
    expect('about' in read).toBe(kind === 'payment');
  });

  test('about a billing key it names that', async () => {
    const raw = paid({ type: 'BillingKey.Deleted', data: { storeId: 'store-1', billingKey: 'billing-key-1' } });
    expect(await readV2(raw)).toMatchObject({ kind: 'billing_key', about: { billingKey: 'billing-key-1' } });
  });

  test.each([
    ['JSON', JSON.stringify({ payment_id: orderId, tx_id: 'tx', status: 'Paid' })],
    ['a form', `payment_id=${orderId}&tx_id=tx&status=Paid`],
  ])('of the older version is read, as %s', async (_what, raw) => {
    expect(await readV2(raw)).toMatchObject({
      ...{ authentic: true, kind: 'payment', event: 'Paid', about: { orderId, record: 'tx' } },
    });
    expect(await readV2(raw, {})).toEqual({ authentic: false, why: 'unsigned' });
  });

  test.each([
    ['one of V1', JSON.stringify({ imp_uid: 'imp_1', merchant_uid: orderId, status: 'paid' })],
    ['not JSON', 'hello'],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[1]'],
    ['a text', '"Transaction.Paid"'],
    ['without data', JSON.stringify({ type: 'Transaction.Paid' })],
    ['with odd ids', paid({ data: { storeId: 'store-1', paymentId: 'a b', transactionId: {} } })],
    ['with a giant id', paid({ data: { storeId: 'store-1', paymentId: 'x'.repeat(5_000) } })],
    ['with a prototype', '{"__proto__": {"payment_id": "x"}, "type": "__proto__"}'],
  ])('%s is about nothing, even when it is signed, and refused when it is not', async (_what, raw) => {
    const read = await readV2(raw);
    expect(read).toMatchObject({ authentic: true });
    expect(read).not.toHaveProperty('about');
    expect(await readV2(raw, {})).toMatchObject({ authentic: false });
  });
});

describe('a webhook of Toss', () => {
  const headers = { 'tosspayments-webhook-transmission-id': 'whtrans_1' };
  const readToss = (body: unknown, more: Record<string, string | string[] | undefined> = headers) =>
    toss.readWebhook([], typeof body === 'string' ? body : JSON.stringify(body), more);

  test('is never authentic; it names the payment to look at', async () => {
    const body = { eventType: 'PAYMENT_STATUS_CHANGED', createdAt: '2026-01-01T12:00:00', data: tossPayment() };
    const read = await readToss(body);
    expect(read).toEqual({
      authentic: 'unsigned',
      id: 'whtrans_1',
      kind: 'payment',
      event: 'PAYMENT_STATUS_CHANGED',
      about: { orderId, record: 'tgen_20260101120000abcd1' },
    });
  });

  test('a deposit callback is flat and passes its secret on for comparison', async () => {
    const body = { createdAt: 'x', secret: 'ps_1', status: 'DONE', transactionKey: 'K', orderId };
    expect(await readToss(body, {})).toEqual({
      authentic: 'unsigned',
      kind: 'payment',
      event: 'DEPOSIT_CALLBACK',
      needsSecret: true,
      about: { orderId },
      secret: 'ps_1',
    });
    expect(await readToss({ ...body, secret: undefined })).not.toHaveProperty('secret');
    expect(await readToss({ ...body, secret: { a: 1 } })).not.toHaveProperty('secret');
  });

  test('a deleted billing key is named', async () => {
    const read = await readToss({ eventType: 'BILLING_DELETED', data: { billingKey: 'bk_1' } });
    expect(read).toMatchObject({ authentic: 'unsigned', kind: 'billing_key', about: { billingKey: 'bk_1' } });
  });

  test.each([
    [{ eventType: 'CANCEL_STATUS_CHANGED', data: { transactionKey: 'K' } }],
    [{ eventType: 'METHOD_UPDATED', data: {} }],
    [{ eventType: 'payout.changed', entityBody: {} }],
    [{ eventType: 'BRAND_NEW', data: { orderId } }],
    [{ eventType: 7, data: { orderId } }],
    [{ eventType: 'PAYMENT_STATUS_CHANGED' }],
    [{ eventType: 'PAYMENT_STATUS_CHANGED', data: { orderId: 'a b', paymentKey: 3 } }],
    [{ orderId }],
    [{ type: 'Transaction.Paid', data: { paymentId: orderId } }],
    [{}],
  ])('%j is tolerated and about nothing', async (body) => {
    const read = await readToss(body);
    expect(read).toMatchObject({ authentic: 'unsigned' });
    expect(read).not.toHaveProperty('about');
  });

  test.each([
    ['hello', 'unreadable'],
    ['', 'unreadable'],
    ['[]', 'unreadable'],
    ['null', 'unreadable'],
    ['['.repeat(200_000), 'unreadable'],
    ['x'.repeat(300_000), 'too_large'],
  ])('%.20s… is refused', async (raw, why) => {
    expect(await readToss(raw)).toEqual({ authentic: false, why });
  });
});

test.each([
  ['PortOne V2', (raw: string, headers: Record<string, string>) => v2.readWebhook(channels, raw, headers), false],
  ['Toss', (raw: string, headers: Record<string, string>) => toss.readWebhook([], raw, headers), 'unsigned'],
])('%s: whatever comes, reading it never throws and never makes it authentic', async (_name, read, atMost) => {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'tosspayments-webhook-transmission-id'];
  const anyText = fc.string({ unit: 'binary' });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.json().map(String), anyText),
      fc.dictionary(fc.constantFrom(...names), fc.oneof(anyText, fc.constant(String(Math.floor(Date.now() / 1000))))),
      async (raw, headers) => {
        expect([false, atMost]).toContain((await read(raw, headers)).authentic);
      },
    ),
    { numRuns: 300 },
  );
});

describe('a webhook of PortOne V1', () => {
  const v1 = createPortOneV1();
  const read = (raw: string) => v1.readWebhook([], raw, {});
  const said = { imp_uid: 'imp_100000000001', merchant_uid: orderId, status: 'paid' };
  const about = { orderId, record: 'imp_100000000001' };

  test.each([
    ['JSON', JSON.stringify(said)],
    ['a form', new URLSearchParams(said).toString()],
  ])('as %s names the order to ask about, and no more', async (_how, raw) => {
    expect(await read(raw)).toEqual({ authentic: 'unsigned', kind: 'payment', event: 'paid', about });
  });

  test('of a cancellation, of an event that we do not know, and without a record, too', async () => {
    expect(await read(JSON.stringify({ ...said, status: 'cancelled', cancellation_id: 'c-1' }))).toMatchObject({
      about,
    });
    expect(await read(JSON.stringify({ ...said, status: 'Inicis.Escrow.Changed' }))).toMatchObject({
      ...{ kind: 'payment', event: 'Inicis.Escrow.Changed', about },
    });
    expect(await read(JSON.stringify({ ...said, imp_uid: null }))).toMatchObject({ about: { orderId } });
  });

  test('that names no order is nothing of ours', async () => {
    for (const raw of ['{}', '{"imp_uid":"imp_1"}', 'imp_uid=imp_1&status=paid', '{"merchant_uid":"a b"}']) {
      expect(await read(raw)).toMatchObject({ authentic: 'unsigned', kind: 'other' });
      expect(await read(raw)).not.toHaveProperty('about');
    }
  });

  test.each(['', 'paid', '<html>', '{"imp_uid": ', '[]', 'null', 'status=paid'])('%j can not be read', async (raw) => {
    expect(await read(raw)).toEqual({ authentic: false, why: 'unreadable' });
  });

  test('that is far too large is not read', async () => {
    expect(await read(JSON.stringify({ ...said, more: 'x'.repeat(300_000) }))).toEqual({
      ...{ authentic: false, why: 'too_large' },
    });
  });
});
