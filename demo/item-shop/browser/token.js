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
// By the server's clock it was over before.
document.addEventListener('pay-error', async (event) => {
  if (event.detail.code !== 'customer_token_invalid' || Date.now() - renewedAt < 10_000) return;
  await renew();
  event.target.refresh();
});
