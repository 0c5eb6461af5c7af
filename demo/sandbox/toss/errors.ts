import type { Reply } from '../network.js';

type Row = readonly [status: number, ko: string, en: string];

const decline = (status: number): Row => [status, '결제 승인이 거절되었습니다.', 'Payment confirm is rejected.'];
const temporary = (status: number): Row => [
  status,
  '일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요.',
  'A temporary error occurred. Please try again later.',
];
const change = (what: string, en: string): Row => [400, what, en];
const refusedRefund = (status: number): Row => [
  status,
  '취소 할 수 없는 결제 입니다.',
  'This payment can not be canceled.',
];

/** Every error of the core API that a server branches on. */
const errors = {
  INVALID_REQUEST: [400, '잘못된 요청입니다.', 'The bad request.'],
  INVALID_PAYMENT_KEY: [400, '잘못된 paymentKey 입니다.', 'Incorrect paymentKey.'],
  UNAPPROVED_ORDER_ID: [400, '아직 승인되지 않은 주문번호입니다.', 'Order Id has not been approved.'],
  ALREADY_PROCESSED_PAYMENT: [400, '이미 처리된 결제 입니다.', 'This is a payment that has already been processed.'],
  DUPLICATED_ORDER_ID: [400, '이미 승인 및 취소가 진행된 중복된 주문번호 입니다.', 'The order Id already exists.'],
  INVALID_API_KEY: [400, '잘못된 시크릿키 연동 정보 입니다.', 'Incorrect secret key.'],
  UNAUTHORIZED_KEY: [401, '인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다.', 'Unauthorized secretKey or clientKey.'],
  INCORRECT_BASIC_AUTH_FORMAT: [403, "잘못된 요청입니다. ':' 를 포함해 인코딩해주세요.", 'Encode with a colon.'],
  FORBIDDEN_REQUEST: [403, '허용되지 않은 요청입니다.', 'Not allowed request.'],
  API_VERSION_UPDATE_NEEDED: [400, '버전을 업데이트해주세요.', 'Please update the API version.'],
  INVALID_IDEMPOTENCY_KEY: [400, '멱등키는 300자 이하여야 합니다.', 'An idempotency key has at most 300 characters.'],
  IDEMPOTENT_REQUEST_PROCESSING: [
    409,
    '이전 멱등 요청이 처리중입니다.',
    'The previous request with this idempotency key is being processed.',
  ],
  FORBIDDEN_CONSECUTIVE_REQUEST: [
    403,
    '반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요.',
    'Repeated requests are not allowed. Please try again later.',
  ],
  NOT_FOUND: [404, '존재하지 않는 정보 입니다.', 'Not found.'],
  NOT_FOUND_PAYMENT: [404, '존재하지 않는 결제 정보 입니다.', 'Not found payment.'],
  NOT_FOUND_PAYMENT_SESSION: [
    404,
    '결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다.',
    'Payment session does not exist because the session time has expired.',
  ],
  NOT_FOUND_HTTP_METHOD: [404, '지원하지 않는 HTTP 메소드 입니다.', 'Not a supported URL or HTTP method.'],

  PROVIDER_ERROR: temporary(400),
  CARD_PROCESSING_ERROR: temporary(400),
  FAILED_INTERNAL_SYSTEM_PROCESSING: temporary(500),
  FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING: temporary(500),
  UNKNOWN_PAYMENT_ERROR: temporary(500),
  COMMON_ERROR: temporary(500),

  INVALID_REJECT_CARD: change('카드 사용이 거절되었습니다. 카드사 문의가 필요합니다.', 'Refer to card issuer.'),
  INVALID_STOPPED_CARD: change('정지된 카드 입니다.', 'This card has been suspended.'),
  INVALID_CARD_EXPIRATION: change(
    '카드 정보를 다시 확인해주세요. (유효기간)',
    'Please check the card expiration date.',
  ),
  INVALID_CARD_NUMBER: change('카드번호를 다시 확인해주세요.', 'Please check the card number.'),
  INVALID_CARD_LOST_OR_STOLEN: change('분실 혹은 도난 카드입니다.', 'The card was lost or stolen.'),
  BELOW_MINIMUM_AMOUNT: change(
    '신용카드는 결제금액이 100원 이상, 계좌는 200원이상부터 결제가 가능합니다.',
    'Payment can be made from 100 won or more by card, and 200 won or more by account.',
  ),
  EXCEED_MAX_AMOUNT: change('거래금액 한도를 초과했습니다.', 'Exceeds the maximum amount.'),
  EXCEED_MAX_PAYMENT_AMOUNT: change('하루 결제 가능 금액을 초과했습니다.', 'Exceeds the maximum amount for a day.'),
  EXCEED_MAX_DAILY_PAYMENT_COUNT: change('하루 결제 가능 횟수를 초과했습니다.', 'Exceeds the payments of a day.'),
  EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT: change('1일 출금 한도를 초과했습니다.', 'Exceeds the withdrawals of a day.'),
  EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT: change('당월 결제 가능금액을 초과했습니다.', 'Exceeds the amount for a month.'),
  NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT: change('할부가 지원되지 않는 카드입니다.', 'No instalments here.'),
  INVALID_CARD_INSTALLMENT_PLAN: change('할부 개월 정보가 잘못되었습니다.', 'Incorrect instalment plan.'),
  RESTRICTED_TRANSFER_ACCOUNT: change('계좌는 등록 후 12시간 뒤부터 결제할 수 있습니다.', 'The account is too new.'),
  NOT_AVAILABLE_PAYMENT: change('결제가 불가능한 시간대입니다.', 'Not available at this time.'),

  REJECT_CARD_PAYMENT: [
    403,
    '한도초과 혹은 잔액부족으로 결제에 실패했습니다.',
    'Limit exceeded or insufficient balance.',
  ],
  REJECT_CARD_COMPANY: decline(403),
  REJECT_ACCOUNT_PAYMENT: [403, '잔액부족으로 결제에 실패했습니다.', 'Insufficient balance.'],
  REJECT_TOSSPAY_INVALID_ACCOUNT: decline(403),
  EXCEED_MAX_AUTH_COUNT: decline(403),
  EXCEED_MAX_ONE_DAY_AMOUNT: [403, '일일 한도를 초과했습니다.', 'Exceeds the limit of a day.'],
  NOT_AVAILABLE_BANK: [403, '은행 서비스 시간이 아닙니다.', 'Outside the hours of the bank.'],
  INVALID_PASSWORD: [403, '결제 비밀번호가 일치하지 않습니다.', 'The password does not match.'],
  FDS_ERROR: [403, '위험거래가 감지되어 결제가 제한됩니다.', 'Restricted: a risky transaction was detected.'],

  ALREADY_CANCELED_PAYMENT: [400, '이미 취소된 결제 입니다.', 'This payment has already been canceled.'],
  ALREADY_REFUND_PAYMENT: [400, '이미 환불된 결제입니다.', 'This payment has already been refunded.'],
  ALREADY_REFUNDING_PAYMENT: [400, '이미 환불 진행중인 결제입니다.', 'This payment is being refunded.'],
  NOT_CANCELABLE_AMOUNT: [403, '취소 할 수 없는 금액 입니다.', 'This amount can not be canceled.'],
  NOT_CANCELABLE_PAYMENT: refusedRefund(403),
  NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER: refusedRefund(403),
  EXCEED_MAX_REFUND_DUE: [403, '환불 가능한 기간이 지났습니다.', 'The refund period has passed.'],
  EXCEED_CANCEL_LIMIT: refusedRefund(403),
  EXCEED_MAX_REFUND_AMOUNT: refusedRefund(403),
  NOT_ALLOWED_PARTIAL_REFUND: [403, '부분 환불이 불가능한 결제입니다.', 'No partial refund of this payment.'],
  NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT: [
    403,
    '입금 대기중인 결제는 부분 환불이 불가합니다.',
    'No partial refund of a payment that waits for its deposit.',
  ],
  NOT_MATCHES_REFUNDABLE_AMOUNT: [400, '잔액 결과가 일치하지 않습니다.', 'The refundable amount does not match.'],
  INVALID_REFUND_ACCOUNT_INFO: [400, '환불 계좌번호와 예금주명이 일치하지 않습니다.', 'Incorrect refund account.'],
  INVALID_REFUND_ACCOUNT_NUMBER: [400, '잘못된 환불 계좌번호입니다.', 'Incorrect refund account number.'],
  INVALID_BANK: [400, '유효하지 않은 은행입니다.', 'Not a valid bank.'],
  FORBIDDEN_BANK_REFUND_REQUEST: [400, '환불할 수 없는 계좌입니다.', 'This account takes no refunds.'],
  REFUND_REJECTED: refusedRefund(400),
  EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT: refusedRefund(400),
  FAILED_REFUND_PROCESS: temporary(500),
  FAILED_PARTIAL_REFUND: temporary(500),
  FAILED_METHOD_HANDLING_CANCEL: temporary(500),

  INVALID_CLIENT_KEY: [400, '클라이언트 키가 올바르지 않습니다.', 'Incorrect client key.'],
  NOT_SUPPORTED_METHOD: [400, '지원하지 않는 결제수단 입니다.', 'Not a supported method.'],
  EXPIRED_PAYMENT: [400, '결제가 만료되었습니다. 다시 시도해주세요.', 'The payment has expired. Please try again.'],
} as const satisfies Record<string, Row>;

export type TossCode = keyof typeof errors;

export const isTossCode = (code: string): code is TossCode => Object.hasOwn(errors, code);

export const errorMessage = (code: TossCode, english: boolean): string => errors[code][english ? 2 : 1];

/** The answer for a code; with its own status where it is one of the table. */
export function errorReply(code: string, english: boolean, status?: number): Reply {
  const known = isTossCode(code);
  const message = known ? errorMessage(code, english) : 'error asked for';
  return { status: status ?? (known ? errors[code][0] : 400), body: { code, message } };
}
