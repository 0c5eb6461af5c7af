import { refuse } from './errors.js';

const filled = (value) => typeof value === 'string' && value !== '';

/** What the script itself looks at, before it asks anybody. */
export function checkRequest(request) {
  const wrong = (what) => refuse('BadRequest', `${what} 파라미터가 올바르지 않습니다.`);
  if (typeof request !== 'object' || request === null) wrong('request');
  for (const name of ['storeId', 'paymentId', 'orderName', 'currency']) if (!filled(request[name])) wrong(name);
  if (!filled(request.channelKey) && !filled(request.channelGroupId)) wrong('channelKey');
  if (!Number.isSafeInteger(request.totalAmount) || request.totalAmount <= 0) wrong('totalAmount');
}

/** Redirect or promise: → whether this call ends by leaving the page. */
export function checkRedirect({ redirectUrl, forceRedirect, payMethod }, mobile) {
  const wrong = (what) => refuse('BadRequest', `${what} 파라미터가 올바르지 않습니다.`);
  if (!filled(payMethod)) wrong('payMethod');
  if (redirectUrl !== undefined && !/^https?:\/\//.test(redirectUrl)) wrong('redirectUrl');
  if (forceRedirect && redirectUrl === undefined) wrong('redirectUrl');
  if (mobile && redirectUrl === undefined) refuse('BadRequest', '모바일 환경에서는 redirectUrl이 필요합니다.');
  return redirectUrl !== undefined && (forceRedirect === true || mobile);
}
