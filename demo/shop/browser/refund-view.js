import { h } from './dom.js';
import { bankName, money } from './format.js';
import { texts } from './texts.js';

function field(label, control) {
  return h('label', { className: 'field' }, h('span', {}, label), control);
}

/** Asks for the buyer's account: a deposit can not go back by itself. `onAccount` answers with what to say, or nothing. */
function accountForm({ id, failure }, onAccount) {
  const input = (name, properties) =>
    h('input', { name, required: true, ...properties, data: { testid: `refund-${name}` } });
  const bank = h(
    'select',
    { name: 'bank', required: true, data: { testid: 'refund-bank' } },
    h('option', { value: '' }, texts.chooseBank),
    Object.keys(texts.banks).map((each) => h('option', { value: each }, bankName(each))),
  );
  const number = input('number', { inputMode: 'numeric', autocomplete: 'off', maxLength: 30 });
  const holder = input('holder', { autocomplete: 'name', maxLength: 60 });
  const said = h('p', { className: 'notice', role: 'alert', data: { testid: 'refund-said', tone: 'bad' } });
  said.textContent = failure ? texts.accountRefused : '';
  const send = h('button', { className: 'button', data: { testid: 'refund-send' } }, texts.sendAccount);
  const form = h(
    'form',
    { className: 'fields' },
    field(texts.rows.bank, bank),
    field(texts.rows.account, number),
    field(texts.rows.holder, holder),
    said,
    send,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    said.textContent = '';
    said.textContent = (await onAccount(id, { bank: bank.value, number: number.value, holder: holder.value })) ?? '';
    send.disabled = false;
  });
  return form;
}

/** Money that is still on its way back; what has arrived is in the receipt. */
export const isUnderWay = ({ state }) => state !== 'done' && state !== 'failed';

export const refundView = (refund, onAccount) =>
  h(
    'div',
    { className: 'refund', data: { testid: 'refund' } },
    h(
      'p',
      { className: 'line' },
      h('span', { className: 'name' }, texts.refundStates[refund.state] ?? texts.refundStates.requested),
      h('strong', { className: 'price' }, money(refund.amount, refund.currency)),
    ),
    refund.needsAccount && accountForm(refund, onAccount),
  );
