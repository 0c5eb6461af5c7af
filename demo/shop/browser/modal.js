// A button of the page opens the dialog.
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-open]');
  if (button) document.getElementById(button.dataset.open).open();
});
