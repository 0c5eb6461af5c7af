import { askForWindow, insideClick, leave, onMobile } from '../../browser/open.js';
import { openOverlay } from '../../browser/overlay.js';
import { followPopup, openPopup } from '../../browser/popup.js';
import { mistakeInRequest } from './checks.js';
import { endEarly } from './results.js';

/** The window of one request; resolves with what the callback gets. */
export async function runWindow(base, request, popup) {
  const opened = await askForWindow(`${base}/sdk/open`, request);
  if (opened.error_code) {
    popup?.close();
    return opened;
  }
  const url = new URL(opened.path, base).href;
  if (opened.kind === 'REDIRECTION') return leave(url);
  const wanted = opened.kind === 'IFRAME' ? undefined : (popup ?? openPopup());
  if (!wanted) {
    popup?.close();
    return (await openOverlay(url, 'PortOne V1 (sandbox)').result).detail;
  }
  const closed = () => askForWindow(`${base}/sdk/closed`, { impUid: opened.impUid });
  return (await followPopup(wanted, url, closed)).detail;
}

/** `IMP.request_pay(params, callback)`. On a phone the page goes away, and the callback never runs. */
export function createRequestPay(base, identity) {
  return (params, callback) => {
    const request = { ...params };
    const mobile = Boolean(onMobile());
    const wrong = mistakeInRequest(request, mobile);
    if (!identity().userCode) return endEarly(callback, request, 'UNKNOWN_USER_CODE', 'IMP.init을 먼저 호출하세요.');
    if (wrong) return endEarly(callback, request, 'INVALID_PARAMETER', `${wrong} 파라미터가 올바르지 않습니다.`);
    if (!insideClick())
      return endEarly(callback, request, 'WINDOW_BLOCKED', '브라우저가 결제창을 차단했습니다. 클릭 안에서 호출하세요.');
    const popup = !mobile && request.popup === true ? openPopup() : undefined;
    runWindow(base, { ...request, ...identity(), mobile }, popup ?? undefined).then(
      (result) => callback?.(result),
      () => endEarly(callback, request, 'NETWORK_ERROR', '결제 서버에 연결하지 못했습니다.'),
    );
  };
}
