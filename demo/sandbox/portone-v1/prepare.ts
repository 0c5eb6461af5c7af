import { currencies } from '../../../contract/index.js';
import type { Reply } from '../network.js';
import { done, failed, refused } from './errors.js';
import type { PortOneV1, Prepared } from './portone-v1.js';
import { isApproved, preparedKey, recordsOf } from './portone-v1.js';

type Body = Readonly<Record<string, unknown>>;

/** A number, or what a form makes of one. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

interface Registration extends Prepared {
  readonly merchantUid: string;
}

function read({ merchant_uid, amount, currency }: Body): Registration | Reply {
  const money = readNumber(amount);
  const known = currencies.find((each) => each === currency);
  if (typeof merchant_uid !== 'string' || merchant_uid === '' || merchant_uid.length > 40)
    return failed(400, 'merchant_uid: 1자 이상 40자 이하');
  if (!money) return failed(400, 'amount: 0보다 큰 숫자');
  if (currency !== undefined && currency !== null && currency !== '' && !known) return failed(400, 'currency');
  return { merchantUid: merchant_uid, amount: money, ...(known && { currency: known }) };
}

/** `POST /payments/prepare` and, of one that is there, `PUT`: fixes the amount before the browser may open anything. */
export function prepare(v1: PortOneV1, merchant: string, body: Body, again: boolean): Reply {
  const asked = read(body);
  if ('status' in asked) return asked;
  const { merchantUid, ...prepared } = asked;
  const key = preparedKey(merchant, merchantUid);
  if (again && !v1.prepared.has(key)) return failed(404, '사전 등록되지 않은 merchant_uid입니다.');
  if (!again && v1.prepared.has(key)) return refused('이미 등록된 merchant_uid입니다.');
  if (recordsOf(v1, merchant, merchantUid).some(isApproved)) return refused('이미 결제가 완료된 merchant_uid입니다.');
  v1.prepared.set(key, prepared);
  return done({ merchant_uid: merchantUid, amount: prepared.amount });
}

/** `GET /payments/prepare/{merchant_uid}`. */
export function preparedOf(v1: PortOneV1, merchant: string, merchantUid: string): Reply {
  const prepared = v1.prepared.get(preparedKey(merchant, merchantUid));
  if (!prepared) return failed(404, '사전 등록되지 않은 merchant_uid입니다.');
  return done({ merchant_uid: merchantUid, amount: prepared.amount });
}
