import { createRequestPayment } from './payment.js';
import { createPaymentUI } from './paypal.js';

// Where this script came from is where its windows are.
const base = new URL('..', document.currentScript.src).href.replace(/\/$/, '');

window.PortOne = { requestPayment: createRequestPayment(base), ...createPaymentUI(base) };
