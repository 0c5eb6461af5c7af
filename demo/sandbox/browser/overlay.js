/**
 * The payment window over the shop's page: an iframe in an overlay, focus taken in and given back. `result` resolves with what the
 * window says, or never, if it is closed from here.
 */
export function openOverlay(url, title) {
  const { origin } = new URL(url);
  const focused = document.activeElement;
  const overflow = document.documentElement.style.overflow;
  const overlay = document.createElement('div');
  overlay.dataset.paySandbox = 'overlay';
  overlay.setAttribute('role', 'dialog');
  overlay.setAttribute('aria-modal', 'true');
  overlay.setAttribute('aria-label', title);
  overlay.style.cssText =
    'position:fixed;inset:0;z-index:2147483647;display:grid;place-items:center;background:rgb(8 14 24 / 55%)';
  const frame = document.createElement('iframe');
  frame.src = url;
  frame.title = title;
  frame.dataset.testid = 'payment-frame';
  frame.style.cssText =
    'width:min(480px,100%);height:min(760px,100%);border:0;border-radius:16px;background:Canvas;color-scheme:light dark';
  overlay.append(frame);

  let listen;
  function close() {
    window.removeEventListener('message', listen);
    overlay.remove();
    document.documentElement.style.overflow = overflow;
    focused?.focus?.();
  }
  const result = new Promise((resolve) => {
    listen = (event) => {
      if (event.origin !== origin || event.source !== frame.contentWindow || !event.data?.paySandbox) return;
      close();
      resolve(event.data.paySandbox);
    };
    window.addEventListener('message', listen);
  });

  document.documentElement.style.overflow = 'hidden';
  document.body.append(overlay);
  frame.focus();
  return { result, close };
}
