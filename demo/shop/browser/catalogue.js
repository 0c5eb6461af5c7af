import { call } from './api.js';
import { config } from './dom.js';

/** What the server's catalogue says of an item: name, price, how many. A preview; the session's price counts. */
export async function itemOf(id) {
  const query = new URLSearchParams({ merchant: config.publishableKey });
  return (await call('GET', `/catalog/${id}?${query}`)).body;
}
