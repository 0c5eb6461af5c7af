// The payment window's own behaviour: shows the details of the chosen method, pays, and tells the page that opened it.

const said = JSON.parse(document.getElementById('said').textContent);
const form = document.querySelector('form');
const pay = form.querySelector('.pay');
const cancel = form.querySelector('.cancel');
const alert = form.querySelector('.alert');

function showDetails() {
  const method = form.elements.method.value;
  const own = form.querySelector(`[data-details="${method}"]`);
  for (const section of form.querySelectorAll('[data-details]')) {
    section.hidden = section !== (own ?? form.querySelector('[data-details="easy"]'));
  }
}

function setBusy(busy) {
  pay.disabled = busy;
  cancel.disabled = busy;
  pay.textContent = busy ? said.texts.busy : said.texts.pay;
}

function finish(result) {
  if (window.parent !== window) window.parent.postMessage({ paySandbox: result }, said.openerOrigin);
  else if (said.popup && window.opener) {
    window.opener.postMessage({ paySandbox: result }, said.openerOrigin);
    window.close();
  } else if (result.redirect) window.location.assign(result.redirect);
  else alert.textContent = said.texts.done;
}

async function send(action, body) {
  setBusy(true);
  alert.textContent = '';
  try {
    const response = await fetch(`${window.location.pathname}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (response.ok) finish(answer);
    else alert.textContent = said.texts[answer.code] ?? said.texts.failed;
  } catch {
    alert.textContent = said.texts.failed;
  }
  setBusy(false);
}

form.addEventListener('change', showDetails);
form.addEventListener('click', (event) => {
  const pick = event.target.closest('[data-card]');
  if (pick) form.elements.card.value = pick.dataset.card;
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const method = form.elements.method.value;
  const bank = method === 'transfer' ? form.elements.transferBank : form.elements.accountBank;
  send('pay', { method, card: form.elements.card?.value, bank: bank?.value, carrier: form.elements.carrier?.value });
});
cancel.addEventListener('click', () => send('cancel', {}));
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !cancel.disabled) send('cancel', {});
});
// A page that comes back from the back-forward cache would still say that it is busy.
window.addEventListener('pageshow', () => setBusy(false));
showDetails();
