import { askForWindow, insideClick, leave } from '../../browser/open.js';
import { openOverlay } from '../../browser/overlay.js';
import { refuse, TossPaymentsError } from './errors.js';

/** One window at a time: what a `payment()` or `widgets()` object opens, and can close. */
export function createWindowOpener(base) {
  let running;

  async function open(request, { redirect, target }, call) {
    const opened = await askForWindow(`${base}/sdk/open`, request);
    if (call.aborted) throw aborted();
    if (opened.code) {
      if (redirect && opened.redirect) return leave(opened.redirect);
      throw new TossPaymentsError(opened.code, opened.message);
    }
    const url = new URL(opened.path, base).href;
    if (target === 'self') return leave(url);
    const overlay = openOverlay(url, 'Toss Payments (sandbox)');
    call.overlay = overlay;
    const result = await Promise.race([overlay.result, call.whenAborted]);
    if (redirect) return leave(result.redirect);
    if (result.detail.code) throw new TossPaymentsError(result.detail.code, result.detail.message);
    return result.detail;
  }

  return {
    /** Everything that can be checked has been. Rejects at once when no click asked for it, as a popup blocker would. */
    async open(request, mode) {
      if (running) refuse('INVALID_METHOD_TRANSACTION', '이미 진행 중인 결제 요청이 있습니다.');
      if (!insideClick()) refuse('UNKNOWN', '브라우저가 결제창을 차단했습니다. 클릭 안에서 호출하세요.');
      const call = { aborted: false };
      call.whenAborted = new Promise((_resolve, reject) => {
        call.abort = () => {
          call.aborted = true;
          call.overlay?.close();
          reject(aborted());
        };
      });
      call.whenAborted.catch(() => {});
      running = call;
      try {
        return await open(request, mode, call);
      } finally {
        running = undefined;
      }
    },
    abort() {
      running?.abort();
    },
  };
}

const aborted = () => new TossPaymentsError('PAYMENT_REQUEST_ABORTED', '결제 요청이 중단되었습니다.');
