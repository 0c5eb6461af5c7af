// Runs before the tag's script, which takes what a redirect brought out of the address: what a payment link holds is taken here.

const kept = 'payment-link';

function fromFragment() {
  const given = new URLSearchParams(window.location.hash.slice(1));
  const [session, secret] = [given.get('session'), given.get('secret')];
  if (!session || !secret) return undefined;
  // A fragment reaches no server and no log; in the address bar it would stay to be copied.
  window.history.replaceState(null, '', window.location.pathname + window.location.search);
  return { session, secret };
}

/** Back from the provider: this tab's link, or in another browser the return token, which may look and verify. */
function fromRedirect() {
  const query = new URLSearchParams(window.location.search);
  const [session, secret] = [query.get('pc_session'), query.get('pc_return')];
  return session && secret ? { session, secret } : undefined;
}

function remember(link) {
  try {
    window.sessionStorage.setItem(kept, JSON.stringify(link));
  } catch {
    // A browser that keeps nothing: the link has to be opened again after a reload.
  }
  return link;
}

function remembered(session) {
  try {
    const link = JSON.parse(window.sessionStorage.getItem(kept) ?? 'null');
    return link && (session === undefined || link.session === session) ? link : undefined;
  } catch {
    return undefined;
  }
}

const link = fromFragment();
const returned = fromRedirect();
const found = link ? remember(link) : (remembered(returned?.session) ?? returned);

function show() {
  if (!found) return;
  const checkout = document.createElement('pay-checkout');
  checkout.setAttribute('session', found.session);
  checkout.setAttribute('client-secret', found.secret);
  document.getElementById('place').replaceChildren(checkout);
}
document.addEventListener('DOMContentLoaded', show);
// Another link into this very page: nothing is loaded anew by itself.
window.addEventListener('hashchange', () => window.location.reload());
