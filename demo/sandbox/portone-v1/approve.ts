import type { Currency } from '../../../contract/index.js';
import type { Fault } from '../faults.js';
import type { Decline } from '../instruments.js';
import type { BankRecord } from '../record.js';
import type { PgFailure } from './errors.js';
import type { PortOneV1 } from './portone-v1.js';
import { isApproved, note, recordsOf } from './portone-v1.js';

const declines: Readonly<Record<Decline, PgFailure>> = {
  insufficient_funds: { code: 'REJECT_CARD_PAYMENT', message: '한도초과 혹은 잔액부족으로 결제에 실패했습니다.' },
  over_limit: { code: 'REJECT_CARD_PAYMENT', message: '한도초과 혹은 잔액부족으로 결제에 실패했습니다.' },
  stopped_card: { code: 'INVALID_STOPPED_CARD', message: '정지된 카드 입니다.' },
};

/** One company's words for it: V1 has no code of its own. */
export const userCancel: PgFailure = {
  code: 'PAY_PROCESS_CANCELED',
  message: '[결제포기] 사용자가 결제를 취소하셨습니다',
};

export const alreadyPaid: PgFailure = { code: 'ALREADY_PAID', message: '이미 결제가 완료된 주문번호입니다.' };

const tooLate: PgFailure = {
  code: 'NOT_FOUND_PAYMENT_SESSION',
  message: '결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.',
};

/** Is there a success under this `merchant_uid` already, other than by a fault? */
const taken = (v1: PortOneV1, record: BankRecord, fault: Fault | undefined): boolean =>
  fault?.kind !== 'duplicate_order' && recordsOf(v1, record.merchant, record.orderId).some(isApproved);

/** Charges what the shopper has just agreed to, or issues its account: V1 waits for nobody. */
export function approve(v1: PortOneV1, record: BankRecord, fault: Fault | undefined): void {
  const failure = refusal(v1, record, fault);
  if (failure) v1.bank.fail(record.id);
  const outcome = failure ? undefined : v1.bank.charge(record.id, changedBy(fault, record));
  const why = outcome?.ok === false ? outcome.why : undefined;
  const declined = why === 'declined' ? declines[record.declined ?? 'insufficient_funds'] : undefined;
  const told = failure ?? declined ?? (why && tooLate);
  if (told) note(v1, record, { failure: told });
}

function refusal(v1: PortOneV1, record: BankRecord, fault: Fault | undefined): PgFailure | undefined {
  if (taken(v1, record, fault)) return alreadyPaid;
  if (fault?.kind !== 'error') return undefined;
  return { code: fault.code ?? 'PROVIDER_ERROR', message: '결제 승인이 거절되었습니다.' };
}

function changedBy(fault: Fault | undefined, record: BankRecord) {
  const other: Currency = record.currency === 'USD' ? 'KRW' : 'USD';
  return {
    ...(fault?.kind === 'wrong_amount' && { amount: fault.amount ?? record.amount + 1000 }),
    ...(fault?.kind === 'wrong_currency' && { currency: other }),
    ...(fault?.kind === 'pending' && { pending: true }),
  };
}
