import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  outcomeOf,
  type PortOneV2Call,
  portOneV2Codes,
  readError,
  verdict,
} from '../../../server/providers/portone-v2/codes.js';

interface Schema {
  readonly discriminator?: { readonly mapping: Readonly<Record<string, string>> };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { 'x-portone-error': { $ref: string } }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
const schema = JSON.parse(
  readFileSync(new URL('../../support/portone-v2.openapi.json', import.meta.url), 'utf8'),
) as OpenApi;

/** Which operation each call is. */
const operations: Readonly<Record<PortOneV2Call, readonly [verb: string, path: string][]>> = {
  preRegister: [['post', '/payments/{paymentId}/pre-register']],
  query: [
    ['get', '/payments/{paymentId}'],
    ['get', '/payments/{paymentId}/transactions'],
  ],
  list: [['get', '/payments']],
  confirm: [['post', '/payments/{paymentId}/confirm']],
  cancel: [['post', '/payments/{paymentId}/cancel']],
  close: [['post', '/payments/{paymentId}/virtual-account/close']],
};
const calls = Object.keys(operations) as PortOneV2Call[];

function typesOf(call: PortOneV2Call): string[] {
  return operations[call].flatMap(([verb, path]) => {
    const name = schema.paths[path]?.[verb]?.['x-portone-error'].$ref.split('/').at(-1) ?? '';
    return Object.keys(schema.components.schemas[name]?.discriminator?.mapping ?? {});
  });
}

describe('PortOne V2: error types', () => {
  test.each(calls)('%s – every type of its operation has a meaning', (call) => {
    const types = typesOf(call);
    expect(types.length).toBeGreaterThan(2);
    expect(types.filter((type) => !Object.hasOwn(portOneV2Codes[call], type))).toEqual([]);
  });

  test.each(calls)('%s – a type that nobody knows is to be looked up', (call) => {
    for (const type of ['BRAND_NEW', 'constructor', '__proto__', 'toString']) {
      expect(verdict(call, type)).toEqual({ as: 'unknown', why: 'temporary' });
    }
  });

  test.each(calls)('%s – a wrong secret and another store are our misconfiguration', (call) => {
    for (const type of ['UNAUTHORIZED', 'FORBIDDEN']) {
      expect(outcomeOf(call, { type })).toEqual({ outcome: 'misconfigured', code: type });
    }
  });

  test('a money call is never declined, and a paid payment never passes for a failure, by its type alone', () => {
    const outcomes = typesOf('confirm').map((type) => outcomeOf('confirm', { type }).outcome);
    expect(outcomes).not.toContain('declined');
    for (const type of ['ALREADY_PAID', 'PG_PROVIDER']) {
      expect(outcomeOf('confirm', { type }), type).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    }
  });

  test('only a call that is still running is in progress', () => {
    const running = calls.flatMap((call) =>
      Object.keys(portOneV2Codes[call]).filter((type) => {
        const found = verdict(call, type);
        return found.as === 'unknown' && found.why === 'in_progress';
      }),
    );
    expect([...new Set(running)]).toEqual(['IDEMPOTENCY_OUTSTANDING_REQUEST']);
  });

  test('no refund is declined where an earlier call of ours may be the reason', () => {
    for (const type of ['PAYMENT_ALREADY_CANCELLED', 'CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN']) {
      expect(outcomeOf('cancel', { type })).toMatchObject({ outcome: 'unknown', why: 'temporary' });
    }
  });

  test('what the payment company says comes through, within bounds', () => {
    const said = { type: 'PG_PROVIDER', message: 'no', pgCode: 'REFUND_REJECTED', pgMessage: '환불할 수 없습니다.' };
    expect(outcomeOf('cancel', readError(said)!)).toEqual({
      outcome: 'declined',
      code: 'REFUND_REJECTED',
      message: '환불할 수 없습니다.',
      retryable: true,
    });
    const odd = readError({ type: 'PG_PROVIDER', pgCode: `<b>${'x'.repeat(200)}`, pgMessage: 'y'.repeat(9_000) });
    expect(odd).toEqual({ type: 'PG_PROVIDER', message: 'y'.repeat(500) });
  });

  test.each([
    [undefined],
    [null],
    ['PAYMENT_NOT_FOUND'],
    [[]],
    [{}],
    [{ type: 4 }],
    [{ type: 'payment not found' }],
    [{ type: `A${'B'.repeat(100)}` }],
  ])('%j is no error of theirs', (json) => {
    expect(readError(json)).toBeUndefined();
  });
});
