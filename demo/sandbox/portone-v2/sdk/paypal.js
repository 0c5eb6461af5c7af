import { askForWindow } from '../../browser/open.js';
import { openPopup } from '../../browser/popup.js';
import { checkRequest } from './checks.js';
import { PaymentError, refuse } from './errors.js';
import { runWindow } from './payment.js';

/** Found in the document, not in shadow roots: as the real one. */
const findContainer = () =>
  document.querySelector('.portone-ui-container') ??
  refuse('BadRequest', 'portone-ui-container 클래스를 가진 요소를 찾을 수 없습니다.');

function checkPayPal(request) {
  checkRequest(request);
  if (request.uiType !== 'PAYPAL_SPB') refuse('BadRequest', 'uiType 파라미터가 올바르지 않습니다.');
  const kinds = Object.values(request.windowType ?? {});
  if (kinds.some((kind) => kind !== 'UI')) refuse('BadRequest', 'windowType 파라미터가 올바르지 않습니다.');
}

function payPalButton() {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'PayPal (sandbox)' });
  button.dataset.testid = 'paypal-button';
  button.style.cssText =
    'width:100%;min-height:44px;border:0;border-radius:4px;background:#ffc439;color:#111;font:600 16px system-ui;cursor:pointer';
  return button;
}

/** `PortOne.loadPaymentUI(request, callbacks)` and its update: a button in the page, whose click opens the window. */
export function createPaymentUI(base) {
  let current;

  async function pay({ onPaymentSuccess, onPaymentFail }) {
    const request = { ...current, payMethod: 'PAYPAL', redirectUrl: undefined };
    try {
      const popup = openPopup();
      if (!popup) refuse('UnknownError', '브라우저가 결제창을 차단했습니다.');
      const { detail } = await runWindow(base, request, popup);
      if (detail.code) throw new PaymentError(detail);
      onPaymentSuccess?.(detail);
    } catch (error) {
      onPaymentFail?.(error);
    }
  }

  return {
    async loadPaymentUI(request, callbacks = {}) {
      checkPayPal(request);
      const container = findContainer();
      const refused = await askForWindow(`${base}/sdk/check`, { ...request, payMethod: 'PAYPAL' });
      if (refused.code) throw new PaymentError({ ...refused, paymentId: request.paymentId });
      current = request;
      const button = payPalButton();
      button.addEventListener('click', async () => {
        button.disabled = true;
        await pay(callbacks);
        button.disabled = false;
      });
      container.replaceChildren(button);
    },
    async updateLoadPaymentUIRequest(request) {
      checkPayPal(request);
      if (!current) refuse('BadRequest', 'loadPaymentUI를 먼저 호출하세요.');
      current = request;
    },
  };
}
