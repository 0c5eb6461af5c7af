export * from './pay-checkout/address-event.js';
export * from './pay-checkout/events.js';
export * from './pay-checkout/outcome-events.js';
export { PayCheckout } from './pay-checkout/pay-checkout.js';
export { version } from './pay-checkout/version.js';
