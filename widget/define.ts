import { arrive } from './pay-checkout/arrival.js';
import { PayCheckout } from './pay-checkout/pay-checkout.js';
import { version } from './pay-checkout/version.js';

const mark = Symbol.for('pay-checkout.version');

/** Registers `<pay-checkout>`, once. Loaded a second time in the same version it is silent; another version is told of and stays out. */
function define(): void {
  const known = customElements.get('pay-checkout') as { [mark]?: string } | undefined;
  if (!known) customElements.define('pay-checkout', Object.assign(PayCheckout, { [mark]: version }));
  else if (known[mark] !== version)
    console.warn(`<pay-checkout> ${known[mark] ?? 'of another make'} is on this page already; ${version} is not used`);
}

// On a server there is nothing to register.
if (typeof window !== 'undefined') {
  arrive();
  define();
}
