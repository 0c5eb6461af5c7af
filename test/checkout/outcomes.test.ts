import { describe, expect, it } from 'vitest';
import { errorCodes, paymentStatuses } from '../../contract/index.js';
import { ApiFailure } from '../../widget/checkout/api.js';
import { soundBuyer } from '../../widget/checkout/buyer.js';
import { buyerProblems } from '../../widget/checkout/buyer-problems.js';
import { outcomeOf } from '../../widget/checkout/outcomes.js';
import { sessionOf } from './page.js';

describe('how a session stands', () => {
  it.each([
    ['open', 'open'],
    ['pending', 'pending'],
    ['paid', 'paid'],
    ['partially_refunded', 'paid'],
    ['refunded', 'paid'],
    ['failed', 'ended'],
    ['canceled', 'ended'],
    ['expired', 'ended'],
  ] as const)('%s is %s', (status, kind) => {
    expect(outcomeOf(sessionOf({ status })).kind).toBe(kind);
  });

  it('knows every status there is', () => {
    const kinds = paymentStatuses.map((status) => outcomeOf(sessionOf({ status })).kind);
    expect(kinds).not.toContain(undefined);
  });

  it('money that is there counts before what is still being asked', () => {
    expect(outcomeOf(sessionOf({ status: 'paid', processing: true })).kind).toBe('paid');
    expect(outcomeOf(sessionOf({ processing: true }), { code: 'USER_CANCEL' }).kind).toBe('processing');
  });

  it.each([
    ['REJECT_CARD_PAYMENT', 'limit'],
    ['INVALID_STOPPED_CARD', 'card'],
    ['EXCEED_MAX_AUTH_COUNT', 'tooOften'],
    ['FDS_ERROR', 'issuer'],
    ['NOT_AVAILABLE_BANK', 'hours'],
    ['PG_PROVIDER', 'other'],
  ])('%s is declined: %s', (code, reason) => {
    const failure = { code, retryable: true };
    expect(outcomeOf(sessionOf({ failure }))).toMatchObject({ kind: 'declined', reason, retryable: true });
  });

  it('the server’s failure counts before what the window said', () => {
    const failure = { code: 'REJECT_CARD_PAYMENT', retryable: true };
    expect(outcomeOf(sessionOf({ failure }), { code: 'OTHER', message: 'm' })).toMatchObject({ reason: 'limit' });
  });

  it('a failure that the server knows no code of is worded by the window’s; a code that it knows counts', () => {
    const told = { code: 'INVALID_STOPPED_CARD', message: '정지된 카드' };
    const wordless = { code: 'failed', message: '정지된 카드 입니다.', retryable: true };
    expect(outcomeOf(sessionOf({ failure: wordless }), told)).toMatchObject({
      ...{ reason: 'card', code: 'failed', message: '정지된 카드 입니다.' },
    });
    const failure = { code: 'REJECT_CARD_PAYMENT', retryable: true };
    expect(outcomeOf(sessionOf({ failure }), told)).toMatchObject({ reason: 'limit' });
  });

  it.each([
    [{ code: 'USER_CANCEL' }],
    [{ code: 'PAY_PROCESS_CANCELED' }],
    [{ canceled: true, code: 'FAILURE_TYPE_PG' }],
    [{ code: 'FAILURE_TYPE_PG', message: '사용자가 결제를 취소하였습니다.' }],
  ])('%j is canceled by the shopper', (told) => {
    expect(outcomeOf(sessionOf(), told).kind).toBe('canceled');
  });
});

describe('a problem', () => {
  it('passes by itself where the server is busy or away, and nowhere else', () => {
    const codes = Object.keys(errorCodes) as (keyof typeof errorCodes)[];
    const passing = codes.filter((code) => new ApiFailure(code, errorCodes[code].status).isPassing);
    const expected = ['internal', 'provider_unavailable', 'rate_limited', 'shutting_down', 'store_unavailable'];
    expect(passing.sort()).toEqual(expected);
    expect(new ApiFailure('unreachable', 404).isPassing).toBe(true);
  });
});

describe('the buyer', () => {
  it('is asked for what is asked for, and told what is wrong', () => {
    const typed = { name: ' ', email: 'a@b', phone: '010-1234-5678', postcode: '06236' };
    expect(buyerProblems(['name', 'email', 'phone', 'address'], typed)).toEqual({
      name: 'missing',
      email: 'malformed',
      address: 'missing',
    });
  });

  it.each(['010-1234-5678', '+82 10 1234 5678', '0212345678', '(02) 123-4567'])('takes the number %s', (phone) => {
    expect(buyerProblems(['phone'], { phone })).toEqual({});
  });

  it.each(['12', 'call me', '010-1234-5678 x2', '+82+10'])('does not take the number %s', (phone) => {
    expect(buyerProblems(['phone'], { phone })).toEqual({ phone: 'malformed' });
  });

  it('keeps names of any kind, and leaves out what the server would refuse', () => {
    const name = '😀 שלום';
    expect(soundBuyer({ name, email: 'x', address: 'x'.repeat(500) })).toEqual({ name });
  });

  it.each([
    ['06236', '서울 강남구 테헤란로 152', {}],
    ['135-984', '서울 강남구 역삼동 737', { postcode: 'malformed' }],
    ['0623', '서울 강남구 테헤란로 152', { postcode: 'malformed' }],
    ['0623', undefined, {}],
    ['SW1A 1AA', '10 Downing Street, London', {}],
    ['100-0001', '1-1 Chiyoda, Tokyo', {}],
    ['1', '1-1 Chiyoda, Tokyo', { postcode: 'malformed' }],
  ])('a postcode has five digits where the address is Korean: %s, %s', (postcode, address, problems) => {
    expect(buyerProblems(['postcode'], { postcode, ...(address && { address }) })).toEqual(problems);
  });

  it('may leave the detail line empty, and take it back', () => {
    expect(buyerProblems(['addressDetail'], {})).toEqual({});
    expect(buyerProblems(['addressDetail'], { addressDetail: 'x'.repeat(101) })).toEqual({
      addressDetail: 'malformed',
    });
    expect(soundBuyer({ name: '', addressDetail: ' ' })).toEqual({ addressDetail: '' });
  });
});
