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

function actionsOf(record) {
  if (record.provider !== 'toss') return [];
  if (record.state === 'awaiting_deposit') return [['deposit', texts.deposit]];
  if (record.state !== 'paid' || record.cancelled === record.amount) return [];
  const refund = ['cancel', texts.refund];
  return record.account && record.cancelled === 0 ? [['deposit/reverse', texts.reverse], refund] : [refund];
}

function rowOf(record) {
  const row = element('tr');
  const order = element('th', record.orderName, { scope: 'row' });
  order.append(element('small', record.orderId), element('small', record.id));
  const actions = element('td');
  for (const [path, label] of actionsOf(record)) {
    const button = element('button', label, { type: 'button' });
    button.dataset.testid = `${path.replace('/', '-')}-${record.orderId}`;
    button.addEventListener('click', () => act(() => call(`${record.provider}/${path}`, { paymentKey: record.id })));
    actions.append(button);
  }
  row.append(
    order,
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

async function show() {
  const [books, faults, clock, latency] = await Promise.all(
    ['books', 'faults', 'clock', 'latency'].map((it) => call(it)),
  );
  const newest = books.records.slice(-200).reverse();
  byId('records').replaceChildren(...newest.map(rowOf));
  byId('empty').hidden = newest.length > 0;
  byId('totals').textContent = books.totals
    .map(
      ({ currency, received, net }) =>
        `${texts.received} ${money(received, currency)} · ${texts.net} ${money(net, currency)}`,
    )
    .join(' / ');
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
byId('refresh').addEventListener('click', () => act(() => undefined));
byId('latency').addEventListener('submit', (event) => {
  event.preventDefault();
  act(() => call('latency', { ms: Number(event.target.elements.ms.value) }));
});
setInterval(() => {
  if (!document.hidden) act(() => undefined);
}, 3000);
act(() => undefined);
