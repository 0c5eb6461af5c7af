import { toMinor } from '../amount.js';
import { banks } from '../banks.js';
import type { Fault } from '../faults.js';
import type { Reply } from '../network.js';
import type { BankRecord, RefundAccount } from '../record.js';
import { balanceOf } from '../record.js';
import { done, failed, notFound, refused } from './errors.js';
import { recordById } from './find.js';
import { paymentObject } from './payment.js';
import type { PortOneV1 } from './portone-v1.js';
import { note, recordOf } from './portone-v1.js';
import { readNumber } from './prepare.js';

type Body = Readonly<Record<string, unknown>>;
interface Account {
  readonly merchant: string;
  readonly base: string;
}

const said = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** `POST /payments/cancel`. No amount, or 0, is all that is left; whatever can't be done is `code ≠ 0` in HTTP 200. */
export function cancel(v1: PortOneV1, { merchant, base }: Account, body: Body, fault: Fault | undefined): Reply {
  if (!said(body.imp_uid) && !said(body.merchant_uid)) return failed(400, 'imp_uid 또는 merchant_uid가 필요합니다.');
  const asked = said(body.amount) ? readNumber(body.amount) : 0;
  const checksum = said(body.checksum) ? readNumber(body.checksum) : null;
  if (asked === undefined || checksum === undefined) return failed(400, 'amount, checksum: 0 이상의 숫자');
  // A wrong `imp_uid` fails even beside a right `merchant_uid`.
  const record = said(body.imp_uid)
    ? recordById(v1, merchant, String(body.imp_uid))
    : recordOf(v1, merchant, String(body.merchant_uid));
  if (!record) return refused('취소할 결제건이 존재하지 않습니다.');
  const refusal = refusalOf(record, asked, checksum);
  if (refusal) return refused(refusal);
  const account = refundAccount(record, body);
  if (typeof account === 'string') return refused(account);

  const amount = toMinor(asked, record.currency) || balanceOf(record);
  const tells = body.enable_webhook === true || body.enable_webhook === 'true';
  const reason = said(body.reason) ? String(body.reason) : '';
  const pending = fault?.kind === 'pending';
  note(v1, record, { tellsCancel: tells });
  const outcome = v1.bank.cancel(record.id, { amount, reason, by: 'api', pending, ...(account && { account }) });
  note(v1, record, { tellsCancel: false });
  if (!outcome.ok) return refused('취소할 수 없는 결제건입니다.');
  const made = outcome.record.cancellations.at(-1);
  if (tells && made) note(v1, record, { toldCancels: [...(v1.extras.get(record.id)?.toldCancels ?? []), made.key] });
  return done(paymentObject(v1, record, base));
}

function refusalOf(record: BankRecord, asked: number, checksum: number | null): string | undefined {
  if (record.state === 'closed') return '이미 취소된 결제건입니다.';
  if (record.state !== 'paid') return '결제가 완료되지 않은 건은 취소할 수 없습니다.';
  const left = balanceOf(record);
  if (left === 0) return '이미 전액취소된 주문입니다.';
  if (checksum !== null && toMinor(checksum, record.currency) !== left)
    return '취소 가능 잔액(checksum)이 일치하지 않습니다.';
  const amount = toMinor(asked, record.currency);
  if (amount === undefined) return '취소 금액이 올바르지 않습니다.';
  return amount > left ? '취소 가능 금액을 초과하였습니다.' : undefined;
}

/** Companies spell banks in their own way: here the banks' own digits, Toss's, and our word are all understood. */
const bankOf = (code: unknown) =>
  banks.find(({ interbank, toss, word }) => [interbank, toss, word].includes(String(code)));

/** Where the money of a paid virtual account goes; for everything else it is not looked at. */
function refundAccount(record: BankRecord, body: Body): RefundAccount | string | undefined {
  if (!record.account) return undefined;
  const { refund_holder: holder, refund_bank: code, refund_account: number } = body;
  if (![holder, code, number].every(said))
    return '환불계좌 정보(refund_holder, refund_bank, refund_account)가 필요합니다.';
  const bank = bankOf(code);
  if (!bank) return '지원하지 않는 환불 은행입니다.';
  if (!/^\d{1,20}$/.test(String(number))) return '환불 계좌번호가 올바르지 않습니다.';
  return { bank: bank.word, number: String(number), holder: String(holder) };
}

/** `DELETE /vbanks/{imp_uid}`: gives up an account that nobody has paid into. */
export function closeAccount(v1: PortOneV1, { merchant, base }: Account, impUid: string): Reply {
  const record = recordById(v1, merchant, impUid);
  if (!record) return notFound();
  if (record.state !== 'awaiting_deposit') return failed(400, '입금 대기 중인 가상계좌가 아닙니다.');
  v1.bank.cancel(record.id, { amount: record.amount, reason: '가상계좌 말소', by: 'api' });
  return done(paymentObject(v1, record, base));
}
