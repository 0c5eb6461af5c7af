import type { Hints } from '../providers/launcher.js';
import type { Told } from './outcomes.js';

/** The providers' return parameters that are passed on, by our names. */
const passed = /^(paymentKey|orderId|amount|paymentType|txId|impUid|paymentToken|code|message)$/;

/** What PortOne calls otherwise: the order in V2, everything in V1, whose `imp_success` says nothing. */
const ourNames: Readonly<Record<string, string>> = {
  paymentId: 'orderId',
  merchant_uid: 'orderId',
  imp_uid: 'impUid',
  error_code: 'code',
  error_msg: 'message',
};

/** What a provider says in the address on the way back: hints for the server, and what the shopper is told where it finds nothing. */
export function returned(text = ''): { hints: Hints; told: Told } {
  const query = new URLSearchParams(text);
  const given: Record<string, string> = {};
  for (const [name, value] of query) {
    const ours = ourNames[name] ?? name;
    if (value && passed.test(ours)) given[ours] ??= value;
  }
  const { amount, ...hints } = given;
  // PortOne V2 says in `pgCode` what the payment company said; its own code is the same for a refusal and a closed window.
  const code = query.get('pgCode') ?? hints.code;
  const message = query.get('pgMessage') ?? hints.message;
  return {
    hints: { ...hints, ...(amount && { amount: Number(amount) }) },
    told: hints.code ? { ...(code && { code }), ...(message && { message }) } : {},
  };
}
