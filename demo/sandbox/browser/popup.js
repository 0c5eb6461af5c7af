/** To be called before anything is awaited: later the browser takes it for an advertisement. `null` if it does all the same. */
export function openPopup() {
  return window.open('about:blank', '_blank', 'popup,width=480,height=760');
}

/** The payment window in a popup. `whenClosed` says how it ended if the shopper closes it by hand. */
export function followPopup(popup, url, whenClosed) {
  const { origin } = new URL(url);
  popup.location.href = url;
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.removeEventListener('message', listen);
      clearInterval(watch);
    };
    const listen = (event) => {
      if (event.origin !== origin || event.source !== popup || !event.data?.paySandbox) return;
      stop();
      resolve(event.data.paySandbox);
    };
    const watch = setInterval(() => {
      if (!popup.closed) return;
      stop();
      whenClosed().then(resolve, reject);
    }, 300);
    window.addEventListener('message', listen);
  });
}
