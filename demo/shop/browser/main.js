import { arrived } from './arrival.js';
import { Checkout } from './checkout.js';
import { config, h, show } from './dom.js';
import { homeUrl, problemText, showProblem, showStanding } from './order.js';
import * as results from './result-view.js';
import { showShelf } from './shelf.js';
import { texts } from './texts.js';

const status = (text) => show('status', h('p', { className: 'card', role: 'status' }, text));

/** Back from the provider, from a reload, or with a link: how does it stand? */
async function resume({ session, token, hint }) {
  status(hint ? texts.verifying : texts.loading);
  const checkout = Checkout.ofSession({ session, token });
  try {
    await checkout.verify(hint, () => show('result', results.waiting()));
    await showStanding(checkout, { code: hint?.code });
  } catch (error) {
    if (error.code !== 'amount_mismatch' && error.code !== 'payment_reference_mismatch') throw error;
    await checkout.read();
    await showStanding(checkout, { notice: [problemText(error), 'bad'] });
  }
}

async function start() {
  const item = new URL(window.location.href).searchParams.get('item');
  if (arrived) return resume(arrived);
  if (config.view === 'pay') return status(texts.openLink);
  if (!item) return showShelf();
  status(texts.preparing);
  return showStanding(await Checkout.ofItem(item));
}

// A page out of the back-forward cache would go on from where its window was opened.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload();
});
// Another link into this very page: nothing is loaded anew by itself.
window.addEventListener('hashchange', () => window.location.reload());

/** The other language is this page again, with the payment it is about. */
function changeLanguage(event) {
  event.preventDefault();
  const here = new URL(window.location.href);
  here.searchParams.set('lang', config.language === 'en' ? 'ko' : 'en');
  window.history.replaceState(window.history.state, '', here.href);
  window.location.reload();
}
document.getElementById('language').addEventListener('click', changeLanguage);

start().catch((error) => {
  console.error(error);
  if (error.code === 'item_not_found') window.location.replace(homeUrl());
  else showProblem(error);
});
