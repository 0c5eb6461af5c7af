import { askForWindow, insideClick, leave, onMobile } from '../../browser/open.js';
import { openOverlay } from '../../browser/overlay.js';
import { followPopup, openPopup } from '../../browser/popup.js';
import { checkRedirect, checkRequest } from './checks.js';
import { PaymentError, refuse } from './errors.js';

/** The window of one request; resolves with its result, `{ redirect, detail }`. */
export async function runWindow(base, request, popup) {
  const opened = await askForWindow(`${base}/sdk/open`, { ...request, mobile: onMobile() });
  if (opened.code) {
    popup?.close();
    throw new PaymentError({ ...opened, paymentId: request.paymentId });
  }
  const url = new URL(opened.path, base).href;
  if (opened.kind === 'REDIRECTION') return leave(url);
  const wanted = opened.kind === 'IFRAME' ? undefined : (popup ?? openPopup());
  if (!wanted) {
    popup?.close();
    return openOverlay(url, 'PortOne (sandbox)').result;
  }
  return followPopup(wanted, url, () => askForWindow(`${base}/sdk/closed`, { txId: opened.txId }));
}

/** `PortOne.requestPayment(request)`. */
export function createRequestPayment(base) {
  return async (request) => {
    checkRequest(request);
    const mobile = Boolean(onMobile());
    const redirect = checkRedirect(request, mobile);
    if (!insideClick()) refuse('UnknownError', '브라우저가 결제창을 차단했습니다. 클릭 안에서 호출하세요.');
    const popup = !mobile && request.windowType?.pc === 'POPUP' ? openPopup() : undefined;
    const result = await runWindow(base, request, popup ?? undefined);
    return redirect ? leave(result.redirect) : result.detail;
  };
}
