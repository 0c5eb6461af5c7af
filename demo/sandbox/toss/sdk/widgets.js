import { onMobile } from '../../browser/open.js';
import { checkAmount, checkMode, checkOrder } from './checks.js';
import { refuse } from './errors.js';
import { createWindowOpener } from './request.js';

// Without a word for the method, the window itself would ask again what the widget has asked already.
const domesticChoices = [
  ['card', '카드'],
  ['kakaopay', '카카오페이'],
  ['naverpay', '네이버페이'],
  ['tosspay', '토스페이'],
  ['transfer', '계좌이체'],
  ['virtual_account', '가상계좌'],
  ['phone', '휴대폰'],
];

const box = 'box-sizing:border-box;padding:16px;font:15px/1.5 system-ui,"Noto Sans KR",sans-serif;word-break:keep-all';

/** Found in the document, not in shadow roots: as the real one. */
function findTarget(selector) {
  let element = null;
  try {
    element = typeof selector === 'string' ? document.querySelector(selector) : null;
  } catch {
    // Not a selector at all: the same error as one that finds nothing.
  }
  return element ?? refuse('INVALID_SELECTOR', `선택자에 해당하는 요소를 찾을 수 없습니다: ${selector}`);
}

function checkVariant(variantKey = 'DEFAULT') {
  if (typeof variantKey !== 'string' || !/^[\w-]{1,100}$/.test(variantKey))
    refuse('INVALID_VARIANT_KEY', 'variantKey가 올바르지 않습니다.');
}

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

let groups = 0;

function methodChoices(onSelect) {
  const name = `toss-method-${++groups}`;
  const rows = domesticChoices.map(([value, label]) => {
    const input = element('input', { type: 'radio', name, value, checked: value === 'card' });
    input.dataset.testid = `widget-method-${value}`;
    input.addEventListener('change', () => onSelect(value));
    const row = element('label', {}, input, ` ${label}`);
    row.style.cssText = 'display:flex;align-items:center;gap:8px;min-height:44px;cursor:pointer';
    return row;
  });
  const legend = element('legend', { textContent: '결제 수단 (샌드박스)' });
  legend.style.cssText = 'padding:0;font-weight:600';
  const fieldset = element('fieldset', {}, legend, ...rows);
  fieldset.style.cssText = `margin:0;border:0;min-width:0;${box}`;
  return fieldset;
}

function agreementBox(onChange) {
  const input = element('input', { type: 'checkbox', checked: true });
  input.dataset.testid = 'widget-agreement';
  input.addEventListener('change', () => onChange(input.checked));
  const row = element('label', {}, input, ' [필수] 결제 서비스 이용 약관, 개인정보 처리 동의 (샌드박스)');
  row.style.cssText = `display:flex;align-items:center;gap:8px;min-height:44px;cursor:pointer;${box}`;
  return row;
}

/** `TossPayments(key).widgets({ customerKey })`. */
export function createWidgets({ base, clientKey, customerKey }) {
  const opener = createWindowOpener(base);
  let amount;
  let methods;
  let agreement;

  /** A rendered piece: its own listeners, removed with it. */
  function mount(target, event, made) {
    const listeners = new Set();
    const piece = { tell: (value) => listeners.forEach((listener) => void listener(value)) };
    piece.node = made(piece);
    target.replaceChildren(piece.node);
    piece.handle = {
      on(name, listener) {
        if (name === event) listeners.add(listener);
      },
      async destroy() {
        piece.node.remove();
        listeners.clear();
        if (methods === piece) methods = undefined;
        if (agreement === piece) agreement = undefined;
      },
    };
    return piece;
  }

  return {
    async setAmount(next) {
      checkAmount(next);
      amount = { currency: next.currency, value: next.value };
    },

    async renderPaymentMethods({ selector, variantKey } = {}) {
      if (!amount) refuse('NOT_SETUP_AMOUNT', 'setAmount를 먼저 호출하세요.');
      checkVariant(variantKey);
      if (methods) refuse('PAYMENT_METHODS_WIDGET_ALREADY_RENDERED', '이미 렌더링된 결제 위젯이 있습니다.');
      methods = mount(findTarget(selector), 'paymentMethodSelect', (piece) => {
        piece.selected = 'card';
        return methodChoices((value) => {
          piece.selected = value;
          piece.tell({ code: value });
        });
      });
      const { handle } = methods;
      const piece = methods;
      return { ...handle, getSelectedPaymentMethod: async () => ({ code: piece.selected }) };
    },

    async renderAgreement({ selector, variantKey } = {}) {
      checkVariant(variantKey);
      if (agreement) refuse('INVALID_METHOD_TRANSACTION', '이미 렌더링된 약관 위젯이 있습니다.');
      agreement = mount(findTarget(selector), 'agreementStatusChange', (piece) => {
        piece.agreed = true;
        return agreementBox((checked) => {
          piece.agreed = checked;
          piece.tell({ agreedRequiredTerms: checked });
        });
      });
      return agreement.handle;
    },

    async requestPayment(request) {
      if (!amount) refuse('NOT_SETUP_AMOUNT', 'setAmount를 먼저 호출하세요.');
      if (!methods) refuse('NOT_SELECTED_PAYMENT_METHOD', '결제수단이 선택되지 않았습니다.');
      checkOrder(request);
      const mode = checkMode(request, onMobile());
      if (agreement && !agreement.agreed) refuse('NEED_AGREEMENT_WITH_REQUIRED_TERMS', '필수 약관에 동의해주세요.');
      return opener.open({ ...request, clientKey, customerKey, amount, method: methods.selected }, mode);
    },
  };
}
