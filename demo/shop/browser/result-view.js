import { h } from './dom.js';
import { bankName, methodName, money, time } from './format.js';
import { texts } from './texts.js';

const rows = (pairs) =>
  h(
    'dl',
    {},
    pairs
      .filter(([, value]) => value)
      .map(([name, value]) =>
        h('div', {}, h('dt', {}, texts.rows[name]), h('dd', { data: { testid: `row-${name}` } }, value)),
      ),
  );

function panel(tone, title, note, ...more) {
  return h(
    'section',
    { className: 'card result', data: { tone, testid: 'result' } },
    h('div', { className: 'mark', aria: { hidden: 'true' } }),
    h('h2', { data: { testid: 'result-title' } }, title),
    note && h('p', { className: 'note' }, note),
    ...more,
  );
}

export const link = (href, text, className = 'quiet') => h('a', { className, href }, text);

const issuerName = (issuer) => texts.issuers[issuer] ?? issuer;

const cardText = ({ issuer, last4 } = {}) => [issuerName(issuer), last4 && `···· ${last4}`].filter(Boolean).join(' ');

function receiptLink(url) {
  if (!/^https?:/.test(url ?? '')) return undefined;
  return h('a', { className: 'button', href: url, target: '_blank', rel: 'noopener noreferrer' }, texts.receipt);
}

/** `refunds`: nodes about money on its way back. */
export function receipt(session, back, refunds = []) {
  const { receipt: paid, refundedAmount, amount, currency } = session;
  const whole = refundedAmount >= amount;
  return panel(
    'good',
    whole ? texts.refunded : refundedAmount > 0 ? texts.partlyRefunded : texts.paid,
    refundedAmount > 0 ? undefined : texts.paidNote,
    rows([
      ['order', session.orderName],
      ['amount', money(amount, currency)],
      ['refunded', refundedAmount > 0 && money(refundedAmount, currency)],
      ['method', paid?.method && methodName(paid.method)],
      ['card', cardText(paid?.card)],
      ['paidAt', paid && time(paid.paidAt)],
      ['payment', session.payment],
    ]),
    ...refunds,
    receiptLink(paid?.url),
    link(back, texts.home),
  );
}

/** An account to pay into. `onCheck` is for the impatient; the answer is put into `said`. */
export function account(session, back, onCheck) {
  const { account: given, amount, currency } = session;
  const said = h('p', { className: 'note', role: 'status', data: { testid: 'said' } });
  const check = h(
    'button',
    { type: 'button', className: 'button', data: { testid: 'check-deposit' } },
    texts.checkDeposit,
  );
  check.addEventListener('click', () => onCheck(check, said));
  return panel(
    'wait',
    texts.pending,
    texts.pendingNote,
    rows([
      ['order', session.orderName],
      ['amount', money(amount, currency)],
      ['bank', given && bankName(given.bank)],
      ['account', given?.number],
      ['holder', given?.holder],
      ['dueAt', given?.dueAt && time(given.dueAt)],
    ]),
    said,
    check,
    link(back, texts.home),
  );
}

export const waiting = () => panel('wait', texts.processing, texts.processingNote);

/** It ended without money, or can't be shown. `action`: a node, or several. */
export const ended = (title, note, action) => panel('bad', title, note, ...[action].flat());
