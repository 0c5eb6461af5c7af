// Every attribute of the element, live; the events as they come; and the code to paste.
const said = JSON.parse(document.getElementById('said').textContent);
const checkout = document.querySelector('pay-checkout');
const form = document.getElementById('controls');
const log = document.getElementById('events');

const names = () =>
  [...form.querySelectorAll('[data-attribute], [data-list]')].map(
    (each) => each.dataset.attribute ?? each.dataset.list,
  );
const control = (name) => form.querySelector(`[data-attribute="${name}"], [data-list="${name}"]`);

/** An attribute as its control has it: text, `true` for one without a value, or undefined. */
function given(name) {
  const element = control(name);
  if (element.dataset.list) {
    return [...element.querySelectorAll(':checked')].map((each) => each.value).join(' ') || undefined;
  }
  if (element.type === 'checkbox') return element.checked || undefined;
  return element.value.trim() || undefined;
}

const escapeHtml = (text) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

function showSnippet(all) {
  const written = all.map(([name, value]) => (value === true ? name : `${name}="${escapeHtml(value)}"`));
  const attributes = written.length > 3 ? `\n  ${written.join('\n  ')}\n` : ` ${written.join(' ')}`;
  const server = (given('server') ?? said.server).replace(/\/$/, '');
  document.getElementById('snippet').textContent =
    `<script async src="${server}/pay-checkout.js"></script>\n<pay-checkout${attributes}></pay-checkout>`;
}

/** The address keeps what was chosen, and nothing that is secret. What the element keeps with the entry of the history stays. */
function showAddress(all) {
  const query = new URLSearchParams(said.language === 'en' ? { lang: 'en' } : {});
  for (const [name, value] of all) if (!said.private.includes(name)) query.set(name, value === true ? '' : value);
  window.history.replaceState(window.history.state, '', `?${query}`);
}

const chosen = () =>
  names()
    .map((name) => [name, given(name)])
    .filter(([, value]) => value !== undefined);

function apply() {
  for (const name of names()) {
    const value = given(name);
    if (value === undefined) checkout.removeAttribute(name);
    else checkout.setAttribute(name, value === true ? '' : value);
  }
  showSnippet(chosen());
  showAddress(chosen());
}

function chooseSite(id) {
  const shop = said.shops.find((each) => each.id === id);
  control('merchant').value = shop.merchant;
  control('product').value = shop.products[0];
  for (const name of ['session', 'client-secret', 'customer-token']) control(name).value = '';
  document
    .getElementById('products')
    .replaceChildren(...shop.products.map((value) => Object.assign(document.createElement('option'), { value })));
}

/** Asks the shop's backend, which has the secret key. */
async function make(what) {
  const site = document.getElementById('site').value;
  const answer = await fetch(`/playground/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site, language: said.language }),
  });
  const made = await answer.json();
  for (const [name, value] of Object.entries(made)) control(name).value = value;
  apply();
}

function note(event) {
  if (document.getElementById('prevent').checked) event.preventDefault();
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString('ko-KR', { hour12: false });
  const name = Object.assign(document.createElement('strong'), { textContent: event.type });
  const detail = Object.assign(document.createElement('pre'), { textContent: JSON.stringify(event.detail, null, 2) });
  const line = document.createElement('li');
  line.dataset.testid = `event-${event.type}`;
  line.append(time, ' ', name);
  if (event.defaultPrevented)
    line.append(' ', Object.assign(document.createElement('em'), { textContent: said.prevented }));
  line.append(detail);
  log.prepend(line);
  document.getElementById('no-events').hidden = true;
}

for (const type of ['pay-ready', 'pay-success', 'pay-pending', 'pay-fail', 'pay-cancel', 'pay-error'])
  checkout.addEventListener(type, note);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('change', (event) => {
  if (event.target.id === 'site') chooseSite(event.target.value);
  apply();
});
document.getElementById('make-session').addEventListener('click', () => make('session'));
document.getElementById('make-token').addEventListener('click', () => make('token'));
document.getElementById('clear').addEventListener('click', () => {
  log.replaceChildren();
  document.getElementById('no-events').hidden = false;
});
for (const button of document.querySelectorAll('[data-call]'))
  button.addEventListener('click', () => checkout[button.dataset.call]());
showSnippet(chosen());
