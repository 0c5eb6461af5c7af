/** What a call rejects with before a window opens; recognised across bundles by its marker. */
export class PaymentError extends Error {
  constructor({ code, message, txId, paymentId, pgCode, pgMessage }) {
    super(message);
    this.name = 'PaymentError';
    this.__portOneErrorType = 'PaymentError';
    Object.assign(this, { code, txId, paymentId, pgCode, pgMessage });
  }
}

export function refuse(code, message) {
  throw new PaymentError({ code, message });
}
