// The page's own button opens the dialog, for as many as were chosen.
const checkout = document.getElementById('checkout');
const quantity = document.getElementById('quantity');

function take() {
  checkout.setAttribute('quantity', quantity.value);
}

if (checkout) {
  // A browser may have kept what was chosen before a reload.
  take();
  quantity.addEventListener('change', take);
  document.getElementById('buy').addEventListener('click', async () => {
    await customElements.whenDefined('pay-checkout');
    checkout.open();
  });
}
