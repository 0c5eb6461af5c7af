import { expect, test } from 'vitest';
import type { LogFields } from '../../../server/ops/logging.js';
import { createLogger, loggable, masked } from '../../../server/ops/logging.js';

test('fields that are not on the list are dropped, whatever the caller sends', () => {
  const entry = { payment: 'pay_1', buyer: { name: '홍길동' }, accountNumber: '110123456789', token: 'x' };
  expect(loggable(entry as LogFields)).toEqual({ payment: 'pay_1' });
  expect(loggable({ reason: { nested: 'secret' } } as unknown as LogFields)).toEqual({});
});

test('secrets that slip into a text are masked', () => {
  const texts = [
    'sk_coffee_0123456789abcdefghijklmnop',
    'live_gsk_hush0123',
    'test_sk_hush0123',
    'cs_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA_secret_hush',
    'rt_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA_hush_hush',
    'Authorization: Basic aHVzaDo=',
    'bearer hush-hush',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodXNoIn0.hush',
    'mongodb://root:hush@db:27017/pay',
  ];
  for (const text of texts) expect(masked(`before ${text} after`)).not.toMatch(/hush|aHVzaDo|ghijklmnop/);
  expect(masked('payment pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA settled')).toBe(
    'payment pay_01J9Z3C5M8Q2R4T6V7W8X9Y0ZA settled',
  );
});

test('an error is logged with name, message, code and cause, masked', () => {
  const cause = new Error('connect mongodb://root:hush@db failed');
  const error = Object.assign(new Error('lost', { cause }), { code: 'ECONNRESET' });
  const line = loggable({ error });
  expect(line).toMatchObject({
    error: {
      name: 'Error',
      message: 'lost',
      code: 'ECONNRESET',
      cause: { message: 'connect mongodb://***@db failed' },
    },
  });
  expect(JSON.stringify(line)).not.toContain('hush');
});

test('lines below the level are not written', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', destination: { write: (line: string) => void lines.push(line) } });
  log.info('quiet');
  log.warn('loud', { count: 2 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ event: 'loud', count: 2 }]);
});
