import { createRequestPay } from './payment.js';
import { createPayPalUI } from './paypal.js';

// Where this script came from is where its windows are.
const base = new URL('..', document.currentScript.src).href.replace(/\/$/, '');
const who = {};
const identity = () => ({ ...who });

window.IMP = {
  init(userCode) {
    if (who.userCode) window.console?.warn('IMP.init was called before: once is enough');
    who.userCode = userCode;
  },
  /** Of a sub-merchant. */
  agency(userCode, tierCode) {
    Object.assign(who, { userCode, tierCode });
  },
  request_pay: createRequestPay(base, identity),
  ...createPayPalUI(base, identity),
};
