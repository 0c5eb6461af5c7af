import { askForWindow, onMobile } from '../../browser/open.js';
import { openPopup } from '../../browser/popup.js';
import { findContainer, mistakeInRequest } from './checks.js';
import { runWindow } from './payment.js';
import { endEarly } from './results.js';

function payPalButton() {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'PayPal (sandbox)' });
  button.dataset.testid = 'paypal-button';
  button.style.cssText =
    'width:100%;min-height:44px;border:0;border-radius:4px;background:#ffc439;color:#111;font:600 16px system-ui;cursor:pointer';
  return button;
}

/** `IMP.loadUI(type, params, callback)` and its update: a button in the page, whose click opens the window. */
export function createPayPalUI(base, identity) {
  let current;

  function read(type, params) {
    // The other kind, `paypal-rt`, saves a billing key.
    if (type !== 'paypal-spb') throw new Error('지원하지 않는 UI 타입입니다: paypal-spb');
    return { ...params, ...identity(), ui: true, mobile: Boolean(onMobile()) };
  }

  async function pay(callback) {
    const popup = openPopup();
    if (!popup) return endEarly(callback, current, 'WINDOW_BLOCKED', '브라우저가 결제창을 차단했습니다.');
    try {
      callback?.(await runWindow(base, current, popup));
    } catch {
      endEarly(callback, current, 'NETWORK_ERROR', '결제 서버에 연결하지 못했습니다.');
    }
  }

  async function draw(container, request, callback) {
    const refused = await askForWindow(`${base}/sdk/check`, request);
    if (refused.error_code) return callback?.(refused);
    current = request;
    const button = payPalButton();
    button.addEventListener('click', async () => {
      button.disabled = true;
      await pay(callback);
      button.disabled = false;
    });
    container.replaceChildren(button);
  }

  return {
    loadUI(type, params, callback) {
      const request = read(type, params);
      const container = findContainer(type);
      const wrong = mistakeInRequest(request, false);
      if (!request.userCode) return endEarly(callback, request, 'UNKNOWN_USER_CODE', 'IMP.init을 먼저 호출하세요.');
      if (wrong) return endEarly(callback, request, 'INVALID_PARAMETER', `${wrong} 파라미터가 올바르지 않습니다.`);
      draw(container, request, callback).catch(() =>
        endEarly(callback, request, 'NETWORK_ERROR', '결제 서버에 연결하지 못했습니다.'),
      );
    },
    updateLoadUIRequest(type, params) {
      if (!current) throw new Error('IMP.loadUI를 먼저 호출하세요.');
      current = read(type, params);
    },
  };
}
