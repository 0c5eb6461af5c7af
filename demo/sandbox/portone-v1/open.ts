import { minute } from '../../../server/ops/clock.js';
import { toMinor } from '../amount.js';
import type { Instrument } from '../instruments.js';
import type { BankRecord } from '../record.js';
import type { WindowResult } from '../window/windows.js';
import { channelOf, isTierCode, merchantOf, pgs } from './accounts.js';
import { alreadyPaid, approve, userCancel } from './approve.js';
import type { PortOneV1 } from './portone-v1.js';
import { isApproved, newImpUid, note, preparedKey, provider, recordsOf } from './portone-v1.js';
import type { V1Request } from './request.js';
import { buyerOf, methodOf, mistakeIn, readCurrency, validHours } from './request.js';
import type { EarlyFailure } from './results.js';
import { earlyFailure, resultOf } from './results.js';

export type WindowKind = 'IFRAME' | 'POPUP' | 'REDIRECTION' | 'UI';

export interface Opened {
  readonly record: BankRecord;
  readonly kind: WindowKind;
}

/** Opens a payment window: a new `imp_uid` under the `merchant_uid`, and the page for it. `dry` only says whether it could. */
export function openWindow(v1: PortOneV1, request: V1Request, openerOrigin: string): Opened | EarlyFailure;
export function openWindow(
  v1: PortOneV1,
  request: V1Request,
  openerOrigin: string,
  dry: true,
): EarlyFailure | undefined;
export function openWindow(v1: PortOneV1, request: V1Request, openerOrigin: string, dry = false) {
  const account = v1.accounts.get(String(request.userCode));
  const refuse = (code: string, message: string) =>
    earlyFailure(account?.results ?? 'new', request.merchant_uid, code, message);
  const wrong = (what: string) => refuse('INVALID_PARAMETER', `${what} 파라미터가 올바르지 않습니다.`);
  if (!account) return refuse('UNKNOWN_USER_CODE', '가맹점 식별코드가 올바르지 않습니다. IMP.init을 확인하세요.');
  if (request.tierCode !== undefined && !isTierCode(request.tierCode)) return wrong('tierCode');
  const merchant = merchantOf(account.userCode, request.tierCode);
  const channel = channelOf(account, request.channelKey, request.pg);
  if (!channel) return refuse('CHANNEL_NOT_FOUND', '등록된 채널(PG) 설정을 찾을 수 없습니다.');
  const currency = readCurrency(request.currency, channel.pg);
  const method = currency && methodOf(request, channel, currency);
  const hours = validHours(request, v1.clock.now());
  const amount = currency && toMinor(request.amount, currency);
  const mistake = mistakeIn(request, currency, method);
  if (mistake || !currency || !method || !amount) return wrong(mistake ?? 'amount');
  if (hours === undefined) return wrong('vbank_due');

  const prepared = v1.prepared.get(preparedKey(merchant, request.merchant_uid));
  if (prepared && (prepared.amount !== request.amount || (prepared.currency ?? currency) !== currency))
    return refuse('PREPARED_AMOUNT_MISMATCH', '사전 등록된 결제금액과 일치하지 않습니다.');
  const duplicate = v1.faults.armed().some((fault) => fault.kind === 'duplicate_order');
  if (!duplicate && recordsOf(v1, merchant, request.merchant_uid).some(isApproved))
    return refuse(alreadyPaid.code, alreadyPaid.message);
  if (dry) return undefined;

  const id = newImpUid();
  const buyer = buyerOf(request);
  const kind = kindOf(request, channel.pg);
  v1.extras.set(id, {
    ...{ channel, buyer, pgTid: `pg_${id.slice(4)}`, device: request.mobile ? 'mobile' : 'pc' },
    payMethod: typeof request.pay_method === 'string' ? request.pay_method : 'card',
    ...(request.custom_data !== undefined && { customData: JSON.stringify(request.custom_data) }),
    ...(request.notice_url !== undefined && { noticeUrls: [request.notice_url].flat() as string[] }),
  });
  const record = v1.bank.open({
    ...{ id, provider, merchant, orderId: request.merchant_uid, orderName: request.name, amount, currency },
    ...(buyer.buyer_name && { customerName: buyer.buyer_name }),
    ...{ accountValidHours: hours, authenticateWithinMs: 30 * minute, chargeWithinMs: 10 * minute },
  });
  const redirectUrl = kind === 'REDIRECTION' ? String(request.m_redirect_url) : undefined;
  v1.windows.open({
    ...{ record: id, brand: `PortOne V1 · ${pgs[channel.pg]}`, openerOrigin, accountValidHours: hours },
    ...{ methods: [method], popup: kind === 'POPUP' || kind === 'UI' },
    pay: (instrument) => pay(v1, record, redirectUrl, instrument),
    canceled: () => leave(v1, record, redirectUrl),
  });
  return { record, kind };
}

function kindOf({ ui, mobile, popup }: V1Request, pg: string): WindowKind {
  if (ui) return 'UI';
  if (mobile) return 'REDIRECTION';
  return pg === 'naverpay' || popup === true ? 'POPUP' : 'IFRAME';
}

/** The shopper agreed: that charges. */
function pay(
  v1: PortOneV1,
  record: BankRecord,
  redirectUrl: string | undefined,
  instrument: Instrument,
): WindowResult | 'expired' | 'processed' {
  if (v1.bank.get(record.id)?.state !== 'opened') return record.state === 'expired' ? 'expired' : 'processed';
  const agreed = v1.bank.authenticate(record.id, instrument);
  if (!agreed.ok) return agreed.why === 'expired' ? 'expired' : 'processed';
  const fault = v1.faults.take('approve', { provider, orderId: record.orderId });
  approve(v1, record, fault);
  const lost = fault?.behaviour.layer === 'network';
  return { ...resultOf(v1, record, redirectUrl), ...(lost && { lost }) };
}

/** The shopper closed the window. One that had ended already ends as it did. */
function leave(v1: PortOneV1, record: BankRecord, redirectUrl: string | undefined): WindowResult {
  if (v1.bank.get(record.id)?.state === 'opened') {
    note(v1, record, { failure: userCancel });
    v1.bank.fail(record.id);
  }
  return resultOf(v1, record, redirectUrl);
}
