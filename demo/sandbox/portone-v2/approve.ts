import type { Currency } from '../../../contract/index.js';
import type { Fault } from '../faults.js';
import type { Decline } from '../instruments.js';
import type { BankRecord } from '../record.js';
import type { PgFailure } from './errors.js';
import type { PortOneV2 } from './portone-v2.js';
import { isApproved, note, transactionsOf } from './portone-v2.js';

const declines: Readonly<Record<Decline, PgFailure>> = {
  insufficient_funds: { pgCode: 'REJECT_CARD_PAYMENT', pgMessage: '한도초과 혹은 잔액부족으로 결제에 실패했습니다.' },
  over_limit: { pgCode: 'REJECT_CARD_PAYMENT', pgMessage: '한도초과 혹은 잔액부족으로 결제에 실패했습니다.' },
  stopped_card: { pgCode: 'INVALID_STOPPED_CARD', pgMessage: '정지된 카드 입니다.' },
};

export const userCancel: PgFailure = { pgCode: 'PAY_PROCESS_CANCELED', pgMessage: '사용자가 결제를 취소하였습니다' };

const tooLate: PgFailure = {
  pgCode: 'NOT_FOUND_PAYMENT_SESSION',
  pgMessage: '결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.',
};

/** Is there a success under this transaction's `paymentId` already, other than by a fault? */
export const taken = (v2: PortOneV2, record: BankRecord, fault: Fault | undefined): boolean =>
  fault?.kind !== 'duplicate_order' && transactionsOf(v2, record.merchant, record.orderId).some(isApproved);

/** Charges an authenticated transaction, or issues its account: by itself on automatic channels, by `confirm` on manual ones. */
export function approve(v2: PortOneV2, record: BankRecord, fault: Fault | undefined): BankRecord | PgFailure {
  if (fault?.kind === 'error') {
    const failure = { pgCode: fault.code ?? 'PROVIDER_ERROR', pgMessage: '결제 승인이 거절되었습니다.' };
    note(v2, record, { failure });
    v2.bank.fail(record.id);
    return failure;
  }
  const outcome = v2.bank.charge(record.id, changedBy(fault, record));
  if (outcome.ok) return outcome.record;
  const failure = outcome.why === 'declined' ? declines[record.declined ?? 'insufficient_funds'] : tooLate;
  note(v2, record, { failure });
  return failure;
}

function changedBy(fault: Fault | undefined, record: BankRecord) {
  const other: Currency = record.currency === 'USD' ? 'KRW' : 'USD';
  return {
    ...(fault?.kind === 'wrong_amount' && { amount: fault.amount ?? record.amount + 1000 }),
    ...(fault?.kind === 'wrong_currency' && { currency: other }),
    ...(fault?.kind === 'pending' && { pending: true }),
  };
}
