// The page's own button opens the dialog, for as many as were chosen.
const checkout = document.getElementById('checkout');
const quantity = document.getElementById('quantity');

function take() {
  checkout.setAttribute('quantity', quantity.value);
}

async function open() {
  await customElements.whenDefined('pay-checkout');
  checkout.open();
}

if (checkout) {
  // A browser may have kept what was chosen before a reload.
  take();
  quantity.addEventListener('change', take);
  document.getElementById('buy').addEventListener('click', open);
  // What became of it is in the dialog: an account to pay into, a payment that was left, or that nobody knows it yet.
  if ('returned' in checkout.dataset) open();
}
