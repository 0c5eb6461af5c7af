import { PayHistory } from './pay-history/pay-history.js';

const tag = 'pay-history';

// Once. On a server there is nothing to register. Of two versions on one page the checkout's registration tells.
if (typeof window !== 'undefined' && !customElements.get(tag)) customElements.define(tag, PayHistory);
