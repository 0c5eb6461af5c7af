export * from './pay-checkout/address-event.js';
export * from './pay-checkout/events.js';
export * from './pay-checkout/outcome-events.js';
export { PayCheckout } from './pay-checkout/pay-checkout.js';
export { version } from './pay-checkout/version.js';
export * from './pay-history/events.js';
export { type HistoryState, PayHistory } from './pay-history/pay-history.js';
