import { describe, expect, test } from 'vitest';
import { type ApiDocument, misfits } from './answers.js';
import { useWorld } from './harness.js';

const here = useWorld();
const read = async () =>
  (await (await fetch(`${here.world.url}/openapi.json`)).json()) as ApiDocument & { components: object };

describe('the API description', () => {
  test('has every endpoint of the checkout, the history, the feed, the providers’ webhooks, the comparisons and the jobs, and who may call it', async () => {
    const { paths } = await read();
    const found = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const { security } = operation as unknown as { security: Record<string, unknown>[] };
        const callers = security.flatMap((one) => Object.keys(one)).sort();
        return `${method.toUpperCase()} ${path.replace('/api/v1', '')} ${callers.join(' ')}`.trim();
      }),
    );
    expect(found.sort()).toEqual(
      [
        'GET /catalog/{item}',
        'POST /payments/sessions publishable secret',
        'GET /payments/sessions/{id} return secret session',
        'PATCH /payments/sessions/{id} session',
        'POST /payments/sessions/{id}/prepare secret session',
        'POST /payments/sessions/{id}/launched session',
        'POST /payments/sessions/{id}/cancel secret session',
        'POST /payments/verify return secret session',
        'GET /payments secret',
        'GET /payments/{id} secret',
        'POST /payments/{id}/cancel secret shopper',
        'GET /payments/{id}/refunds/{refund} secret shopper',
        'POST /payments/{id}/refunds/{refund}/account secret shopper',
        'POST /payments/sessions/{id}/refunds/{refund}/account session',
        'GET /me/payments shopper',
        'GET /comparisons secret',
        'GET /comparisons/{id} secret',
        'GET /events secret',
        'GET /events/{id} secret',
        'POST /webhooks/{provider}/{merchant}',
        'POST /payments/webhook',
        'GET /provider-webhooks secret',
        'GET /webhook-endpoints secret',
        'POST /webhook-endpoints/{id}/enable secret',
        'POST /jobs/{name} cron',
      ].sort(),
    );
  });

  test('describes a success and the problems of each, and nothing that anyone may add to', async () => {
    const { paths } = await read();
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        const where = `${method} ${path}`;
        expect(responses.default?.content, where).toHaveProperty(['application/problem+json']);
        const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
        expect(good.length, where).toBeGreaterThan(0);
        for (const [status, { content }] of good) {
          const schema = content?.['application/json']?.schema;
          if (status !== '204') expect(schema, where).toMatchObject({ type: 'object', additionalProperties: false });
        }
      }
    }
  });
});

describe('the comparison of answers with it', () => {
  const schema = {
    type: 'object',
    properties: { id: { type: 'string', pattern: '^a' }, n: { type: 'integer', minimum: 1 }, to: { enum: ['x'] } },
    required: ['id'],
    additionalProperties: false,
  };
  test.each([
    [{ id: 'a' }, 0],
    [{ id: 'a', n: 1, to: 'x' }, 0],
    [{}, 1],
    [{ id: 'b' }, 1],
    [{ id: 'a', n: 0 }, 1],
    [{ id: 'a', n: 1.5 }, 1],
    [{ id: 'a', to: 'y' }, 1],
    [{ id: 'a', secret: 1 }, 1],
    [[], 1],
    [null, 1],
  ])('sees what is wrong with %j', (value, faults) => {
    expect(misfits({}, schema, value)).toHaveLength(faults);
  });

  test('does not pass over what it can not check', () => {
    expect(() => misfits({}, { type: 'string', contentEncoding: 'x' }, 'a')).toThrow('contentEncoding');
  });
});
