const specialNames = {
  NOT_SUPPORTED_API_INDIVIDUAL_KEY: 'NotSupportedAPIIndividualKeyError',
  PAYMENT_METHODS_WIDGET_ALREADY_RENDERED: 'PaymentMethodsWidgetAlreadyRenderedError',
};

const className = (code) =>
  specialNames[code] ??
  `${code
    .toLowerCase()
    .split('_')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('')}Error`;

/** What every call throws or rejects with: branch on `code`. */
export class TossPaymentsError extends Error {
  constructor(code, message) {
    super(message);
    this.name = className(code);
    this.code = code;
  }
}

export function refuse(code, message) {
  throw new TossPaymentsError(code, message);
}
