import { onMobile } from '../../browser/open.js';
import { checkAmount, checkClientKey, checkCustomerKey, checkMethod, checkMode, checkOrder } from './checks.js';
import { refuse } from './errors.js';
import { createWindowOpener } from './request.js';
import { createWidgets } from './widgets.js';

// Where this script came from is where its windows are.
const base = new URL('..', document.currentScript.src).href.replace(/\/$/, '');

function createPayment(clientKey, customerKey) {
  const opener = createWindowOpener(base);
  return {
    async requestPayment(request) {
      checkOrder(request);
      checkMethod(request);
      const foreign = request.method === 'FOREIGN_EASY_PAY';
      checkAmount(request.amount, foreign);
      const mode = checkMode(request, onMobile(), foreign);
      return opener.open({ ...request, clientKey, customerKey }, mode);
    },
    async destroy() {
      opener.abort();
    },
  };
}

function TossPayments(clientKey) {
  checkClientKey(clientKey);
  const forWidgets = /^(test|live)_gck_/.test(clientKey);
  return {
    payment({ customerKey } = {}) {
      if (forWidgets) refuse('NOT_SUPPORTED_WIDGET_KEY', '결제위젯 연동 키는 결제창에서 사용할 수 없습니다.');
      checkCustomerKey(customerKey);
      return createPayment(clientKey, customerKey);
    },
    widgets({ customerKey } = {}) {
      if (!forWidgets)
        refuse('NOT_SUPPORTED_API_INDIVIDUAL_KEY', 'API 개별 연동 키는 결제위젯에서 사용할 수 없습니다.');
      checkCustomerKey(customerKey);
      return createWidgets({ base, clientKey, customerKey });
    },
  };
}

TossPayments.ANONYMOUS = '@@ANONYMOUS';
window.TossPayments = TossPayments;
