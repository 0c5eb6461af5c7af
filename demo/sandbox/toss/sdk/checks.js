import { refuse } from './errors.js';

const currencies = ['KRW', 'USD', 'JPY'];

export function checkClientKey(clientKey) {
  if (typeof clientKey !== 'string' || !/^(test|live)_g?ck_\w+$/.test(clientKey))
    refuse('INVALID_CLIENT_KEY', '클라이언트 키가 올바르지 않습니다.');
}

export function checkCustomerKey(customerKey) {
  if (typeof customerKey !== 'string') refuse('INVALID_CUSTOMER_KEY', 'customerKey가 필요합니다.');
  if (/^(test|live)_g?sk_/.test(customerKey))
    refuse('INSECURE_KEY_USAGE', 'customerKey 자리에 시크릿 키를 사용할 수 없습니다.');
  if (!/^[A-Za-z0-9\-_=.@]{2,50}$/.test(customerKey) || !/[-_=.@]/.test(customerKey))
    refuse('INVALID_CUSTOMER_KEY', 'customerKey는 영문, 숫자, 특수문자(- _ = . @)를 포함한 2~50자여야 합니다.');
}

/** Major units. Ordinary payments are in won; `foreign`: PayPal, in dollars. */
export function checkAmount(amount, foreign = false) {
  if (typeof amount !== 'object' || amount === null || !currencies.includes(amount.currency))
    refuse('INVALID_AMOUNT_CURRENCY', 'amount.currency가 올바르지 않습니다.');
  const { value, currency } = amount;
  if (typeof value !== 'number' || !Number.isFinite(value))
    refuse('INVALID_AMOUNT_VALUE', 'amount.value는 숫자여야 합니다.');
  if (value <= 0) refuse('BELOW_ZERO_AMOUNT', '금액은 0보다 커야 합니다.');
  if (currency !== 'USD' && !Number.isInteger(value))
    refuse('INVALID_AMOUNT_VALUE', '이 통화에는 소수점 금액을 사용할 수 없습니다.');
  if (currency !== (foreign ? 'USD' : 'KRW'))
    refuse('INVALID_AMOUNT_CURRENCY', '이 결제수단에서 지원하지 않는 통화입니다.');
}

const text = (value, max) => typeof value === 'string' && value.length > 0 && value.length <= max;
const optional = (value, valid) => value === undefined || value === null || valid(value);

/** What `requestPayment` of window and widget have in common. */
export function checkOrder(request) {
  const wrong = (what) => refuse('INVALID_PARAMETERS', `${what} 값이 올바르지 않습니다.`);
  if (typeof request !== 'object' || request === null) wrong('requestPayment');
  if (typeof request.orderId !== 'string' || !/^[A-Za-z0-9_-]{6,64}$/.test(request.orderId)) wrong('orderId');
  if (!text(request.orderName, 100)) wrong('orderName');
  if (!optional(request.customerName, (value) => text(value, 100))) wrong('customerName');
  if (!optional(request.customerEmail, (value) => text(value, 100))) wrong('customerEmail');
  if (!optional(request.customerMobilePhone, (value) => /^\d{8,15}$/.test(value))) wrong('customerMobilePhone');
  if (!optional(request.windowTarget, (value) => value === 'iframe' || value === 'self')) wrong('windowTarget');
  checkMetadata(request.metadata);
}

function checkMetadata(metadata) {
  if (metadata === undefined || metadata === null) return;
  const pairs = typeof metadata === 'object' ? Object.entries(metadata) : [];
  const valid = ([key, value]) => key.length <= 40 && typeof value === 'string' && value.length <= 2000;
  if (typeof metadata !== 'object' || pairs.length > 5 || !pairs.every(valid))
    refuse('INVALID_METADATA', 'metadata는 5쌍, 키 40자, 값 2000자까지입니다.');
}

function absoluteUrl(value) {
  try {
    return typeof value === 'string' && /^https?:$/.test(new URL(value).protocol);
  } catch {
    return false;
  }
}

/** Redirect or promise, iframe or the page itself: → `{ redirect, target }`. */
export function checkMode(request, mobile, redirectOnly = false) {
  const { successUrl, failUrl } = request;
  const redirect = successUrl !== undefined || failUrl !== undefined;
  const target = request.windowTarget ?? (mobile ? 'self' : 'iframe');
  if (redirect && !absoluteUrl(successUrl))
    refuse('INCORRECT_SUCCESS_URL_FORMAT', 'successUrl은 origin을 포함한 URL이어야 합니다.');
  if (redirect && !absoluteUrl(failUrl))
    refuse('INCORRECT_FAIL_URL_FORMAT', 'failUrl은 origin을 포함한 URL이어야 합니다.');
  if (mobile && target === 'iframe') refuse('INVALID_PARAMETERS', '모바일에서는 iframe을 사용할 수 없습니다.');
  if (!redirect && (mobile || target === 'self' || redirectOnly))
    refuse('NOT_SUPPORTED_PROMISE', 'Promise 방식을 지원하지 않는 환경입니다. successUrl과 failUrl을 사용하세요.');
  return { redirect, target };
}

const methods = ['CARD', 'TRANSFER', 'VIRTUAL_ACCOUNT', 'MOBILE_PHONE', 'FOREIGN_EASY_PAY'];

/** The payment window's method and its own settings. */
export function checkMethod({ method, card, virtualAccount, foreignEasyPay }) {
  const wrong = (message) => refuse('INVALID_PARAMETERS', message);
  if (typeof method !== 'string') wrong('method가 필요합니다.');
  if (!methods.includes(method)) refuse('NOT_SUPPORTED_METHOD', `지원하지 않는 결제수단입니다: ${method}`);
  if (card?.flowMode === 'DIRECT' && !card.cardCompany && !card.easyPay)
    wrong('flowMode DIRECT에는 cardCompany 또는 easyPay가 필요합니다.');
  if (card?.cardInstallmentPlan !== undefined && card?.maxCardInstallmentPlan !== undefined)
    wrong('cardInstallmentPlan과 maxCardInstallmentPlan은 함께 사용할 수 없습니다.');
  if (virtualAccount?.validHours !== undefined && virtualAccount?.dueDate !== undefined)
    wrong('validHours와 dueDate는 함께 사용할 수 없습니다.');
  if (!optional(virtualAccount?.validHours, (hours) => Number.isInteger(hours) && hours >= 1 && hours <= 2160))
    wrong('validHours는 1~2160입니다.');
  if (method === 'FOREIGN_EASY_PAY' && !foreignEasyPay?.provider) wrong('foreignEasyPay.provider가 필요합니다.');
}
