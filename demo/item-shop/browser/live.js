// Shows the page anew when the shopper's items change: waits at the shop's backend, and puts in what is different.
const main = document.getElementById('main');

async function wait() {
  const answer = await fetch(`/inventory/changes?after=${main.dataset.live}`, { cache: 'no-store' });
  // Signed out in another tab.
  if (answer.status === 401) return window.location.reload();
  const { changes } = await answer.json();
  if (String(changes) === main.dataset.live) return;
  const payments = main.querySelector('pay-history');
  if (payments) {
    // It knows by itself how to look; of a refund that the shop made nobody has told it.
    main.dataset.live = changes;
    return void payments.refresh?.();
  }
  const page = await fetch(window.location.href, { cache: 'no-store' });
  // What is shown stays until there is something to show in its place.
  if (!page.ok) throw new Error(`the page: ${page.status}`);
  const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').getElementById('main');
  main.dataset.live = fresh.dataset.live;
  if (fresh.innerHTML !== main.innerHTML) main.innerHTML = fresh.innerHTML;
}

async function follow() {
  for (;;) {
    try {
      await wait();
    } catch {
      // The shop is away for a moment.
      await new Promise((resume) => setTimeout(resume, 2_000));
    }
  }
}
follow();
