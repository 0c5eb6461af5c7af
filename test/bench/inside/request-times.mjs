// How long a server was at each verify, measured inside its process: Node's own channels tell when a request's head was read and when its
// reply was handed to the system. Nothing of the server is touched.
import { subscribe } from 'node:diagnostics_channel';

/** @type {WeakMap<object, number>} */
const started = new WeakMap();
/** @type {[orderId: string, ms: number][]} */
let times = [];

/** @param {unknown} message */
function begin(message) {
  const { request } = /** @type {{ request: import('node:http').IncomingMessage }} */ (message);
  if (request.url?.endsWith('/payments/verify')) started.set(request, performance.now());
}

/** @param {unknown} message */
function end(message) {
  const { request } = /** @type {{ request: import('node:http').IncomingMessage }} */ (message);
  const start = started.get(request);
  const [, id] = /cs_(\w+?)_secret_/.exec(request.headers.authorization ?? '') ?? [];
  if (start !== undefined && id !== undefined) times.push([`pay_${id}_1`, performance.now() - start]);
}

subscribe('http.server.request.start', begin);
subscribe('http.server.response.finish', end);

/** What was measured since the last question, by order id. */
export function requestTimes() {
  const all = times;
  times = [];
  return all;
}
