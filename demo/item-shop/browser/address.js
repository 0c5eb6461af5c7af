// The shop's own search for addresses, in a dialog of its own: what the tag asks for by `pay-address`.
const dialog = document.getElementById('address-search');
const question = document.getElementById('address-question');
const found = document.getElementById('address-found');
const none = document.getElementById('address-none');
let fill = () => undefined;
let asked = 0;

async function search() {
  const ticket = ++asked;
  const answer = await fetch(`/addresses?${new URLSearchParams({ q: question.value })}`).catch(() => undefined);
  const { data } = (await answer?.json().catch(() => undefined)) ?? { data: [] };
  // A later letter was quicker.
  if (ticket !== asked) return;
  found.replaceChildren(
    ...data.map(({ postcode, address }) => {
      const choice = Object.assign(document.createElement('button'), { type: 'button' });
      choice.dataset.testid = `address-${postcode}`;
      choice.append(Object.assign(document.createElement('strong'), { textContent: postcode }), ` ${address}`);
      choice.addEventListener('click', () => finish({ postcode, address }));
      const line = document.createElement('li');
      line.append(choice);
      return line;
    }),
  );
  none.hidden = data.length > 0 || question.value.trim() === '';
}

/** Without an address: closed, nothing chosen. */
function finish(address) {
  dialog.close();
  fill(address);
}

document.addEventListener('pay-address', (event) => {
  event.preventDefault();
  fill = event.detail.fill;
  question.value = event.detail.address ?? '';
  dialog.showModal();
  question.focus();
  search();
});
question.addEventListener('input', search);
question.form.addEventListener('submit', (event) => event.preventDefault());
document.getElementById('address-close').addEventListener('click', () => finish());
dialog.addEventListener('cancel', () => fill());
