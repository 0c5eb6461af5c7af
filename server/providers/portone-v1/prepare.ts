import { toMajor, toMinor } from '../money.js';
import type { LaunchOrder, Misconfigured, PortOneV1Channel, Unknown } from '../provider.js';
import { asObject } from '../reading.js';
import { type Rest, unknown } from './rest.js';

/**
 * Registers the amount: from here on a window with another one does not open, whatever a page makes of the parameters. Resolves with what
 * stood in the way. An order id has one amount for its life, so that another one that is registered (how, nobody can tell) is set right,
 * whether or not a window is open.
 */
export async function prepare(
  rest: Rest,
  channel: PortOneV1Channel,
  { orderId, amount, currency }: LaunchOrder,
): Promise<Misconfigured | Unknown | undefined> {
  const body = { merchant_uid: orderId, amount: toMajor(amount, currency), currency };
  const isOurs = (response: unknown) => toMinor(asObject(response)?.amount, currency) === amount;

  const made = await rest('prepare', channel, { method: 'POST', path: 'payments/prepare', body });
  if (made.outcome === 'done') return isOurs(made.response) ? undefined : unknown('registered another amount');
  if (made.outcome === 'misconfigured' || made.outcome === 'unknown') return made;

  const path = `payments/prepare/${encodeURIComponent(orderId)}`;
  const there = await rest('prepared', channel, { method: 'GET', path });
  if (there.outcome === 'misconfigured' || there.outcome === 'unknown') return there;
  // Nothing is registered, and nothing can be: it is paid, or V1 has a reason of its own.
  if (there.outcome !== 'done') return unknown(`not registered, ${made.outcome === 'no' ? `code ${made.code}` : ''}`);
  if (isOurs(there.response)) return undefined;

  const put = await rest('prepare', channel, { method: 'PUT', path: 'payments/prepare', body });
  if (put.outcome === 'misconfigured' || put.outcome === 'unknown') return put;
  return put.outcome === 'done' && isOurs(put.response) ? undefined : unknown('another amount stays registered');
}
