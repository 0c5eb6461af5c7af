// Keeps the shopper's token fresh: the shop's backend signs one for half an hour.
const renewAfterMs = 20 * 60_000;
let renewedAt = Date.now();
let renewing;

async function fetchToken() {
  const answer = await fetch('/customer-token', { cache: 'no-store' });
  // Signed out meanwhile, in another tab: the page says so when it is loaded anew.
  if (answer.status === 401) return window.location.reload();
  const { customerToken } = await answer.json();
  for (const tag of document.querySelectorAll('[customer-token]')) tag.setAttribute('customer-token', customerToken);
  renewedAt = Date.now();
  return customerToken;
}

function renew() {
  renewing ??= fetchToken()
    .catch(() => undefined)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

function renewIfOld() {
  if (Date.now() - renewedAt > renewAfterMs) renew();
}

// A page that slept has missed its timer.
setInterval(renewIfOld, 60_000);
document.addEventListener('visibilitychange', renewIfOld);
window.addEventListener('pageshow', renewIfOld);
// What is over all the same is asked for by the list of payments, and told by the checkout, which then begins anew: once in a while, since a
// token that is never believed would have it begin for ever.
document.addEventListener('pay-token', (event) => event.respondWith(renew()));
let refusedAt = Number.NEGATIVE_INFINITY;
document.addEventListener('pay-error', async (event) => {
  if (!event.detail.code.startsWith('customer_token_') || Date.now() - refusedAt < 10_000) return;
  refusedAt = Date.now();
  event.preventDefault();
  await renew();
  event.target.refresh();
});
