import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../../server/providers/provider.js';
import { play, type World } from './conformance-world.js';
import { type StubServer, startStub, text } from './stub-server.js';

const outcomes = ['done', 'declined', 'refused', 'not_found', 'misconfigured', 'unknown'];
const statuses = [200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 429, 500, 502, 503];

/** Words that make a random reply look like one: field names, codes and states of the providers. */
const words = [
  ...[
    'paymentKey',
    'orderId',
    'status',
    'currency',
    'totalAmount',
    'balanceAmount',
    'cancels',
    'code',
    'message',
    'error',
  ],
  ...['virtualAccount', 'card', 'easyPay', 'failure', 'receipt', 'amount', 'type', 'id', 'response', '__proto__'],
  ...['imp_uid', 'merchant_uid', 'list', 'next', 'cancel_amount', 'cancel_history', 'paid_at', 'sandbox'],
];
const texts = [
  'paid',
  'cancelled',
  'DONE',
  'CANCELED',
  'PAID',
  'KRW',
  'USD',
  'REJECT_CARD_PAYMENT',
  'NOT_FOUND_PAYMENT',
  'constructor',
  '',
];

const fields = fc.dictionary(
  fc.constantFrom(...words),
  fc.oneof(fc.constantFrom(...texts), fc.double(), fc.jsonValue(), fc.array(fc.jsonValue())),
);
/** As PortOne V1 wraps its answers. */
const enveloped = fc.record({
  code: fc.constantFrom(0, 0, 1, -1),
  message: fc.constantFrom(null, '오류'),
  response: fc.oneof(fields, fc.jsonValue(), fc.record({ list: fc.array(fields), next: fc.nat(3) })),
});

const bodies = fc.oneof(
  fc.json().map(String),
  fields.map((value) => JSON.stringify(value)),
  enveloped.map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<html></html>', '', 'null', '[]', '0', '"DONE"', '{"status":"DONE"', '\ufeff{}'),
);

/** Whatever a provider sends, every call of an adapter comes to an outcome, and none that the reply doesn't bear out. */
export function fuzzProvider(name: string, world: () => World): void {
  describe(`${name}: any reply at all`, () => {
    let stub: StubServer;
    let channel: Channel;
    beforeAll(async () => {
      stub = await startStub();
      channel = { ...world().channel, apiBase: stub.url };
    });
    afterAll(() => stub.close());

    test('comes to an outcome of the port, and never to money that moved', async () => {
      const { order, intent, refund } = play(world());
      const of = { ...order(), record: 'a_record_of_ours' };
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...statuses), bodies, async (status, body) => {
          stub.answer(status === 204 ? text(204, '') : text(status, body, 'application/json'));
          const { provider } = world();
          const results = [
            await provider.launch(channel, order()),
            await provider.lookup(channel, { orderId: of.orderId }),
            await provider.lookup(channel, { orderId: of.orderId, record: of.record }),
            await provider.confirm(channel, intent(of, { token: 'a_token' })),
            await provider.close(channel, { orderId: of.orderId, record: of.record, idempotencyKey: 'close-a-record' }),
            await provider.cancel(channel, refund(of, 5_000)),
          ];
          const list = await provider.listPayments(channel, { from: 0, until: Date.now(), limit: 100 });
          expect(outcomes).toContain(list.outcome);
          if (list.outcome === 'done') expect(list.payments).toEqual([]);
          for (const { outcome } of results) expect(outcomes).toContain(outcome);
          for (const { outcome } of results.slice(1)) expect(outcome).not.toBe('done');
          for (const secret of world().secrets) expect(JSON.stringify(results)).not.toContain(secret);
        }),
        { numRuns: 200 },
      );
    });

    test('any hint, order name and buyer come to an outcome too', async () => {
      stub.answer(text(404, '<html></html>'));
      const { order, intent, refund } = play(world());
      const anyText = fc.string({ unit: 'binary', maxLength: 300 });
      await fc.assert(
        fc.asyncProperty(anyText, anyText, async (hint, said) => {
          const placed = order({ orderName: said, buyer: { name: said, email: said, phone: said } });
          const of = { ...placed, record: hint };
          const { provider } = world();
          const results = [
            await provider.launch(channel, placed),
            await provider.lookup(channel, { orderId: of.orderId, record: hint }),
            await provider.confirm(channel, intent(of, { idempotencyKey: 'a-key-of-enough-length', token: hint })),
            await provider.cancel(channel, refund(of, 5_000, { reason: said })),
          ];
          for (const { outcome } of results) expect(outcomes).toContain(outcome);
        }),
        { numRuns: 100 },
      );
    });
  });
}
