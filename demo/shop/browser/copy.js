// Copies the code beside a button. The clipboard is absent on http in a LAN: then the code is at least selected.
document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  const code = button.parentElement.querySelector('pre');
  const copied = await navigator.clipboard?.writeText(code.textContent).then(
    () => true,
    () => false,
  );
  if (!copied) window.getSelection().selectAllChildren(code);
  if (!copied && !document.execCommand('copy')) return;
  const said = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => {
    button.textContent = said;
  }, 2_000);
});
