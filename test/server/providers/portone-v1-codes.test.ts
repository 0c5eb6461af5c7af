import { describe, expect, test } from 'vitest';
import {
  type PortOneV1Call,
  portOneV1Codes,
  readEnvelope,
  verdict,
} from '../../../server/providers/portone-v1/codes.js';
import { read } from '../../../server/providers/portone-v1/rest.js';

const calls = Object.keys(portOneV1Codes) as PortOneV1Call[];
const reply = (status: number, json: unknown) => ({ kind: 'reply', status, json }) as const;

describe('PortOne V1: what a reply means', () => {
  test.each(calls)('%s – 0 in HTTP 200 is done, and nothing else is', (call) => {
    const outcomes = [200, 207].map((status) => verdict(call, status, { code: 0, response: null }));
    expect(outcomes).toEqual(['done', 'done']);
    for (const status of [100, 301, 400, 401, 403, 404, 405, 409, 429, 500, 501, 503]) {
      for (const code of [0, 1, -1]) expect(verdict(call, status, { code, response: null })).not.toBe('done');
    }
    for (const code of [1, -1, 1_000]) expect(verdict(call, 200, { code, response: null })).not.toBe('done');
  });

  test.each(calls)('%s – a failure of the server’s, HTML and nothing are unknown', (call) => {
    for (const status of [403, 409, 429, 500, 502, 503]) {
      expect(read(call, reply(status, { code: -1, message: '', response: null }))).toMatchObject({
        outcome: 'unknown',
      });
    }
    for (const json of [undefined, null, [], 'paid', {}, { code: '0' }, { code: 0.5 }]) {
      for (const status of [200, 400, 401, 404, 500]) {
        expect(read(call, reply(status, json))).toMatchObject({ outcome: 'unknown', why: 'temporary' });
      }
    }
    expect(read(call, { kind: 'no_reply', why: 'timeout' })).toEqual({
      outcome: 'unknown',
      why: 'no_reply',
      detail: 'timeout',
    });
  });

  test.each(calls)('%s – a token that is not taken is our misconfiguration', (call) => {
    expect(read(call, reply(401, { code: -1, message: 'Unauthorized', response: null }))).toEqual({
      ...{ outcome: 'misconfigured', code: 'UNAUTHORIZED' },
    });
  });

  test.each(calls.filter((call) => call !== 'prepare'))('%s – code -1 in HTTP 200 is unknown', (call) => {
    expect(read(call, reply(200, { code: -1, message: '오류', response: null }))).toMatchObject({ outcome: 'unknown' });
  });

  test('what we asked wrongly is never "not there"', () => {
    for (const call of ['query', 'list', 'prepared'] as const) {
      expect(verdict(call, 400, { code: -1, response: null })).toBe('unknown');
    }
  });

  test('a no keeps its words for people, within bounds, and its code', () => {
    const said = { code: 1, message: 'x'.repeat(900), response: null };
    expect(read('cancel', reply(200, said))).toEqual({ outcome: 'no', code: '1', message: 'x'.repeat(500) });
    expect(readEnvelope({ code: 1, message: null, response: null })).toEqual({ code: 1, response: null });
  });
});
