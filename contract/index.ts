export * from './catalogue.js';
export * from './events.js';
export * from './launch.js';
export * from './money.js';
export * from './payment.js';
export * from './problem.js';
export * from './session.js';
export * from './status.js';
