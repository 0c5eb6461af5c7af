// The control page's own behaviour: shows what the control API says, and presses its buttons.

const texts = JSON.parse(document.getElementById('texts').textContent);
const language = document.documentElement.lang;
const byId = (id) => document.getElementById(id);
const said = byId('said');

async function call(path, body, method = body === undefined ? 'GET' : 'POST') {
  const response = await fetch(`/control/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

function element(tag, text, properties = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  return made;
}

const money = (minor, currency) => {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
};

const time = (at) => new Date(at).toLocaleString(language, { timeZone: 'Asia/Seoul' });

/** What can be done with a record: path, label, and what to send besides its id. */
function actionsOf(record) {
  if (record.state === 'awaiting_deposit') return [['deposit', texts.deposit]];
  if (record.state === 'pending')
    return [
      ['settle', texts.approve, { to: 'paid' }],
      ['settle', texts.reject, { to: 'failed' }],
    ];
  if (record.state !== 'paid') return [];
  if (record.cancellations.some((each) => each.state === 'requested'))
    return [
      ['cancel/settle', texts.approve, { to: 'done' }],
      ['cancel/settle', texts.reject, { to: 'failed' }],
    ];
  if (record.cancelled === record.amount) return [];
  const refund = ['cancel', texts.refund];
  const reversible = record.provider === 'toss' && record.account && record.cancelled === 0;
  return reversible ? [['deposit/reverse', texts.reverse], refund] : [refund];
}

function actionButton(label, testid, work) {
  const button = element('button', label, { type: 'button' });
  button.dataset.testid = testid;
  button.addEventListener('click', () => act(work));
  return button;
}

function deliveryRow(delivery) {
  const row = element('tr');
  const event = element('th', delivery.event, { scope: 'row' });
  event.append(element('small', texts.providers[delivery.provider] ?? delivery.provider));
  const tries = delivery.attempts.map(({ status, error }) => status ?? error).join(' · ');
  const attempts = element('td', tries);
  if (delivery.dueAt !== undefined) attempts.append(element('small', `${texts.next}: ${time(delivery.dueAt)}`));
  const actions = element('td');
  if (delivery.state !== 'refused')
    actions.append(
      actionButton(texts.resend, `resend-${delivery.id}`, () => call(`webhooks/${delivery.id}/resend`, {})),
    );
  row.append(
    event,
    element('td', delivery.orderId),
    element('td', [texts.deliveryStates[delivery.state], delivery.fault].filter(Boolean).join(' – ')),
    attempts,
    element('td', delivery.url),
    actions,
  );
  row.dataset.testid = `delivery-${delivery.event}-${delivery.orderId}`;
  return row;
}

function rowOf(record) {
  const row = element('tr');
  const order = element('th', record.orderName, { scope: 'row' });
  order.append(element('small', record.orderId), element('small', record.id));
  const actions = element('td');
  const id = { paymentKey: record.id, txId: record.id, imp_uid: record.id };
  for (const [path, label, more] of actionsOf(record)) {
    const testid = [path.replace('/', '-'), more?.to, record.orderId].filter(Boolean).join('-');
    actions.append(actionButton(label, testid, () => call(`${record.provider}/${path}`, { ...id, ...more })));
  }
  row.append(
    order,
    element('td', texts.providers[record.provider] ?? record.provider),
    element('td', money(record.amount, record.currency), { className: 'number' }),
    element('td', texts.states[record.state] ?? record.state),
    element('td', texts.methods[record.instrument?.method] ?? ''),
    element('td', record.cancelled > 0 ? money(record.cancelled, record.currency) : '', { className: 'number' }),
    element('td', time(record.paidAt ?? record.openedAt)),
    actions,
  );
  row.dataset.testid = `record-${record.orderId}`;
  return row;
}

/** What came in and what is left of it, per currency: of everything, or of one provider. */
function totalsOf(books, ours) {
  const totals = new Map();
  const count = (entries, received, net) => {
    for (const { currency, amount } of entries.filter(ours)) {
      const total = totals.get(currency) ?? { received: 0, net: 0 };
      totals.set(currency, { received: total.received + received * amount, net: total.net + net * amount });
    }
  };
  count([...books.charges, ...books.deposits], 1, 1);
  count([...books.reversals, ...books.cancellations], 0, -1);
  return [...totals]
    .map(
      ([currency, { received, net }]) =>
        `${texts.received} ${money(received, currency)} · ${texts.net} ${money(net, currency)}`,
    )
    .join(' / ');
}

async function show() {
  const [books, faults, clock, latency, webhooks] = await Promise.all(
    ['books', 'faults', 'clock', 'latency', 'webhooks'].map((it) => call(it)),
  );
  const provider = byId('provider').value;
  const ours = (each) => provider === '' || each.provider === provider;
  const newest = books.records.filter(ours).slice(-200).reverse();
  byId('records').replaceChildren(...newest.map(rowOf));
  byId('empty').hidden = newest.length > 0;
  const latest = webhooks.deliveries.slice(-100).reverse();
  byId('deliveries').replaceChildren(...latest.map(deliveryRow));
  byId('no-deliveries').hidden = latest.length > 0;
  byId('totals').textContent = totalsOf(books, ours);
  byId('armed').textContent =
    faults.armed.map(({ on, kind, left }) => `${on}: ${kind} ×${left}`).join(', ') || texts.none;
  byId('now').textContent = time(clock.now);
  if (document.activeElement?.name !== 'ms') byId('latency').elements.ms.value = latency.ms;
}

async function act(work) {
  try {
    await work();
    said.textContent = '';
    await show();
  } catch (error) {
    said.textContent = `${texts.failed}: ${error.message}`;
  }
}

document.addEventListener('click', (event) => {
  const { advance, on, kind } = event.target.closest?.('button')?.dataset ?? {};
  if (advance) act(() => call('clock', { advanceMs: Number(advance) }));
  if (kind) act(() => call('faults', { on, kind }));
});
byId('clear').addEventListener('click', () => act(() => call('faults', undefined, 'DELETE')));
byId('reset').addEventListener('click', () => act(() => call('reset', {})));
byId('provider').addEventListener('change', () => act(() => undefined));
byId('refresh').addEventListener('click', () => act(() => undefined));
byId('latency').addEventListener('submit', (event) => {
  event.preventDefault();
  act(() => call('latency', { ms: Number(event.target.elements.ms.value) }));
});
setInterval(() => {
  if (!document.hidden) act(() => undefined);
}, 3000);
act(() => undefined);
