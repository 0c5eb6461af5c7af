import { h, picture } from './dom.js';
import { local, methodName, money } from './format.js';
import { texts } from './texts.js';

function stepper({ quantity, max, onChange }) {
  const output = h('output', { data: { testid: 'quantity' } }, String(quantity));
  const button = (label, sign, by) => {
    const made = h('button', { type: 'button', className: 'step', data: { testid: by > 0 ? 'more' : 'less' } }, sign);
    made.setAttribute('aria-label', label);
    made.addEventListener('click', () => {
      quantity += by;
      update();
      onChange(quantity);
    });
    return made;
  };
  const less = button(texts.less, '−', -1);
  const more = button(texts.more, '+', 1);
  const update = () => {
    output.textContent = String(quantity);
    less.disabled = quantity <= 1;
    more.disabled = quantity >= max;
  };
  update();
  return h(
    'div',
    { className: 'line' },
    h('span', {}, texts.quantity),
    h('div', { className: 'stepper' }, less, output, more),
  );
}

function methodChoices(methods, chosen, onChange) {
  const choices = methods.map((method) => {
    const input = h('input', { type: 'radio', name: 'method', value: method, checked: method === chosen });
    input.dataset.testid = `choose-${method}`;
    input.addEventListener('change', () => onChange(method));
    return h('label', { className: 'choice' }, input, h('span', {}, methodName(method)));
  });
  return h('fieldset', {}, h('legend', {}, texts.chooseMethod), h('div', { className: 'choices' }, choices));
}

/**
 * The order with its pay button. `handlers`: `onQuantity` (absent: it can't be changed), `onMethod`, `onPay`. `widget`: the provider's own
 * choice of methods is mounted in `#payment-methods` and `#agreement`.
 */
export function orderView(session, { method, widget, max, back }, { onQuantity, onMethod, onPay }) {
  const [line] = session.lines;
  const notice = h('p', { className: 'notice', role: 'alert', data: { testid: 'notice' } });
  const total = h('strong', { data: { testid: 'total' } });
  const pay = h('button', { type: 'button', className: 'button pay', data: { testid: 'pay-button' } });
  pay.addEventListener('click', onPay);
  const lines = session.lines.map((each) =>
    h(
      'div',
      { className: 'line' },
      h('span', { className: 'name' }, local(each.name)),
      h(
        'span',
        { className: 'price' },
        `${money(each.price, session.currency)}${each.quantity > 1 ? ` × ${each.quantity}` : ''}`,
      ),
    ),
  );
  const node = h(
    'section',
    { className: 'order', data: { testid: 'order' } },
    h(
      'div',
      { className: 'card' },
      h('div', { className: 'heading' }, line?.item && picture(line.item), h('h2', {}, texts.order)),
      onQuantity
        ? h(
            'div',
            { className: 'line' },
            h('span', { className: 'name' }, local(line.name)),
            h('span', { className: 'price' }, money(line.price, session.currency)),
          )
        : lines,
      onQuantity && stepper({ quantity: line.quantity, max, onChange: onQuantity }),
      h('div', { className: 'line total' }, h('span', {}, texts.total), total),
    ),
    widget
      ? [
          h('div', { id: 'payment-methods', className: 'card slot' }),
          h('div', { id: 'agreement', className: 'card slot' }),
        ]
      : h('div', { className: 'card' }, methodChoices(session.methods, method, onMethod)),
    notice,
    pay,
    back && h('a', { className: 'quiet', href: back }, texts.back),
  );
  let amount = '';
  return {
    node,
    /** `label`: what the button says instead of the amount; it can't be pressed meanwhile unless `press`. */
    busy(label, { press = false } = {}) {
      pay.textContent = label ?? texts.pay(amount);
      pay.disabled = label !== undefined && !press;
      node.inert = label === texts.opening;
    },
    notice(text = '', tone = 'quiet') {
      notice.textContent = text;
      notice.dataset.tone = tone;
    },
    amount(minor) {
      amount = money(minor, session.currency);
      total.textContent = amount;
    },
  };
}
