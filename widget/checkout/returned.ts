import type { Hints } from '../providers/launcher.js';
import type { Told } from './outcomes.js';

/** Names of both providers' return parameters that are passed on. */
const passed = ['paymentKey', 'orderId', 'amount', 'paymentType', 'txId', 'paymentToken', 'code', 'message'] as const;

/** What a provider says in the address on the way back: hints for the server, and what the shopper is told where it finds nothing. */
export function returned(text = ''): { hints: Hints; told: Told } {
  const query = new URLSearchParams(text);
  const given = Object.fromEntries(passed.map((name) => [name, query.get(name)]).filter(([, value]) => value));
  const { amount, ...hints } = given as Record<string, string>;
  const orderId = hints.orderId ?? query.get('paymentId') ?? undefined;
  // PortOne says in `pgCode` what the payment company said; its own code is the same for a refusal and a closed window.
  const code = query.get('pgCode') ?? hints.code;
  const message = query.get('pgMessage') ?? hints.message;
  return {
    hints: { ...hints, ...(orderId && { orderId }), ...(amount && { amount: Number(amount) }) },
    told: hints.code ? { ...(code && { code }), ...(message && { message }) } : {},
  };
}
