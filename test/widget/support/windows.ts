/** A window of the provider's, as its script was asked for it. */
export interface OpenedWindow {
  readonly request: Record<string, unknown>;
  /** The shopper came through. */
  end(): void;
  /** As the script rejects: with a code of the provider's. */
  refuse(code: string, message?: string): void;
}

/** A stand-in for each provider's script, all in one: their windows are ended by the test. */
export class Windows {
  readonly opened: OpenedWindow[] = [];
  /** How often the script ran. */
  loads = 0;
  /** Where the script is: another address for each test, since a script that ran once is there. */
  readonly script = URL.createObjectURL(new Blob(['globalThis.fakeProvider.run();'], { type: 'text/javascript' }));

  constructor() {
    (globalThis as { fakeProvider?: unknown }).fakeProvider = { run: () => this.#run() };
  }

  get isLoaded(): boolean {
    return this.loads > 0;
  }

  get last(): OpenedWindow {
    const last = this.opened.at(-1);
    if (!last) throw new Error('no window was opened');
    return last;
  }

  #run(): void {
    this.loads += 1;
    const payment = () => ({ requestPayment: (request: Record<string, unknown>) => this.#open(request) });
    Object.assign(globalThis, {
      TossPayments: () => ({ payment, widgets: () => this.#widgets() }),
      PortOne: { requestPayment: (request: Record<string, unknown>) => this.#openV2(request) },
      IMP: { init: () => undefined, request_pay: this.#openV1 },
    });
  }

  /** A refusal is an answer like others, with a code. */
  #openV2(request: Record<string, unknown>): Promise<unknown> {
    const { paymentId } = request;
    return new Promise((resolve) => {
      this.opened.push({
        request,
        end: () => resolve({ transactionType: 'PAYMENT', paymentId, txId: 'tx-1' }),
        refuse: (pgCode, pgMessage = pgCode) =>
          resolve({ transactionType: 'PAYMENT', paymentId, txId: 'tx-1', code: 'FAILURE_TYPE_PG', pgCode, pgMessage }),
      });
    });
  }

  #openV1 = (request: Record<string, unknown>, callback: (said: unknown) => void): void => {
    const said = { imp_uid: 'imp_1', merchant_uid: request.merchant_uid };
    this.opened.push({
      request,
      end: () => callback(said),
      refuse: (error_code, error_msg = error_code) => callback({ ...said, error_code, error_msg }),
    });
  };

  #open(request: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { orderId } = request;
      const amount = (request as { amount?: unknown }).amount ?? { value: 0 };
      this.opened.push({
        request,
        end: () => resolve({ paymentKey: 'key-1', orderId, amount, paymentType: 'NORMAL' }),
        refuse: (code, message = code) => reject(Object.assign(new Error(message), { code })),
      });
    });
  }

  /** Methods and terms that say where they are. */
  #widgets() {
    const draw = (words: string, selector: string) => {
      const place = document.querySelector(selector);
      if (!place) throw new Error(`nothing is at ${selector}`);
      place.textContent = words;
      return { destroy: async () => place.replaceChildren(), on: () => undefined };
    };
    return {
      setAmount: async () => undefined,
      renderPaymentMethods: async ({ selector }: { selector: string }) => draw('Toss methods', selector),
      renderAgreement: async ({ selector }: { selector: string }) => draw('Toss terms', selector),
      requestPayment: (request: Record<string, unknown>) => this.#open(request),
    };
  }
}
