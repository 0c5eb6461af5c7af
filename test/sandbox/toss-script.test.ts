import vm from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { useSandbox } from './harness.js';

const { url } = useSandbox();
let source = '';
let response: Response;
beforeAll(async () => {
  response = await fetch(`${url()}/toss/v2/standard`);
  source = await response.text();
});

const desktop = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/143';
const phone = 'Mozilla/5.0 (Linux; Android 14) Chrome/143 Mobile';

interface Page {
  agent?: string;
  clicked?: boolean;
}

/** Loads the served script into a page of nothing but what its checks look at. */
function load({ agent = desktop, clicked = false }: Page = {}): any {
  const window: any = { navigator: { userAgent: agent, userActivation: { isActive: clicked } } };
  const document = { currentScript: { src: `${url()}/toss/v2/standard` }, querySelector: () => null };
  vm.runInNewContext(source, { window, document, URL });
  return window.TossPayments;
}

const amount = { currency: 'KRW', value: 15000 };
const order = { method: 'CARD', amount, orderId: 'order-0001', orderName: '커피' };
const urls = { successUrl: 'https://shop.example/ok', failUrl: 'https://shop.example/no' };
const pay = (change: object, page?: Page) => () =>
  load(page)('test_ck_a')
    .payment({ customerKey: 'cust-1' })
    .requestPayment({ ...order, ...change });
const widgets = () => load()('test_gck_a').widgets({ customerKey: '@@ANONYMOUS' });
const customer = (customerKey: unknown) => () => load()('test_ck_a').payment({ customerKey });

/** Thrown or rejected: a caller with `await` can't tell. */
const codeOf = (act: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(act)
    .then(
      () => 'no error',
      (error) => error.code,
    );

describe('the script', () => {
  it('is one classic script that any page may load', () => {
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(load().ANONYMOUS).toBe('@@ANONYMOUS');
  });

  it.each<[string, string, () => unknown]>([
    ['a client key that is none', 'INVALID_CLIENT_KEY', () => load()('hello')],
    ['a secret key as client key', 'INVALID_CLIENT_KEY', () => load()('test_sk_a')],
    ['a widget key for a window', 'NOT_SUPPORTED_WIDGET_KEY', () => load()('test_gck_a').payment({})],
    ['an API key for widgets', 'NOT_SUPPORTED_API_INDIVIDUAL_KEY', () => load()('test_ck_a').widgets({})],
    ['no customer key', 'INVALID_CUSTOMER_KEY', customer(undefined)],
    ['a customer key without a special character', 'INVALID_CUSTOMER_KEY', customer('customer1')],
    ['a customer key of 51 characters', 'INVALID_CUSTOMER_KEY', customer(`-${'x'.repeat(50)}`)],
    ['a secret key as customer key', 'INSECURE_KEY_USAGE', customer('test_gsk_a')],
    ['a short order id', 'INVALID_PARAMETERS', pay({ orderId: 'abcde' })],
    ['an order id with =', 'INVALID_PARAMETERS', pay({ orderId: 'order=0001' })],
    ['no order name', 'INVALID_PARAMETERS', pay({ orderName: '' })],
    ['a phone number with dashes', 'INVALID_PARAMETERS', pay({ customerMobilePhone: '010-1234-5678' })],
    ['six pairs of metadata', 'INVALID_METADATA', pay({ metadata: { a: '', b: '', c: '', d: '', e: '', f: '' } })],
    ['no method', 'INVALID_PARAMETERS', pay({ method: undefined })],
    ['a method that it does not know', 'NOT_SUPPORTED_METHOD', pay({ method: 'COWRIES' })],
    ['a direct flow without a goal', 'INVALID_PARAMETERS', pay({ card: { flowMode: 'DIRECT' } })],
    ['two due dates', 'INVALID_PARAMETERS', pay({ virtualAccount: { validHours: 5, dueDate: '2026-12-01' } })],
    ['no amount', 'INVALID_AMOUNT_CURRENCY', pay({ amount: undefined })],
    ['an amount in text', 'INVALID_AMOUNT_VALUE', pay({ amount: { currency: 'KRW', value: '15000' } })],
    ['half a won', 'INVALID_AMOUNT_VALUE', pay({ amount: { currency: 'KRW', value: 0.5 } })],
    ['a negative amount', 'BELOW_ZERO_AMOUNT', pay({ amount: { currency: 'KRW', value: -1 } })],
    ['dollars by card', 'INVALID_AMOUNT_CURRENCY', pay({ amount: { currency: 'USD', value: 1 } })],
    ['a success URL without origin', 'INCORRECT_SUCCESS_URL_FORMAT', pay({ ...urls, successUrl: '/ok' })],
    ['a success URL alone', 'INCORRECT_FAIL_URL_FORMAT', pay({ successUrl: urls.successUrl })],
    ['promise mode in its own page', 'NOT_SUPPORTED_PROMISE', pay({ windowTarget: 'self' })],
    ['promise mode on a phone', 'NOT_SUPPORTED_PROMISE', pay({}, { agent: phone })],
    ['an iframe on a phone', 'INVALID_PARAMETERS', pay({ ...urls, windowTarget: 'iframe' }, { agent: phone })],
    [
      'promise mode for PayPal',
      'NOT_SUPPORTED_PROMISE',
      pay({
        method: 'FOREIGN_EASY_PAY',
        amount: { currency: 'USD', value: 1.5 },
        foreignEasyPay: { provider: 'PAYPAL' },
      }),
    ],
    ['no click', 'UNKNOWN', pay({})],
    ['no amount set', 'NOT_SETUP_AMOUNT', () => widgets().renderPaymentMethods({ selector: '#m' })],
    [
      'a selector that finds nothing',
      'INVALID_SELECTOR',
      async () => {
        const made = widgets();
        await made.setAmount(amount);
        await made.renderPaymentMethods({ selector: '#nothing' });
      },
    ],
    [
      'no method rendered',
      'NOT_SELECTED_PAYMENT_METHOD',
      async () => {
        const made = widgets();
        await made.setAmount(amount);
        await made.requestPayment(order);
      },
    ],
  ])('refuses %s with %s', async (_what, code, act) => {
    expect(await codeOf(act)).toBe(code);
  });

  it('opens one window at a time', async () => {
    const asked: unknown[] = [];
    const window: any = {
      navigator: { userAgent: desktop, userActivation: { isActive: true } },
      fetch: (_url: string, init: { body: string }) => {
        asked.push(JSON.parse(init.body));
        return new Promise(() => {});
      },
    };
    const document = { currentScript: { src: `${url()}/toss/v2/standard` } };
    vm.runInNewContext(source, { window, document, URL });
    const payment = window.TossPayments('test_ck_a').payment({ customerKey: 'cust-1' });
    void payment.requestPayment(order);
    expect(await codeOf(() => payment.requestPayment(order))).toBe('INVALID_METHOD_TRANSACTION');
    expect(asked).toMatchObject([{ clientKey: 'test_ck_a', orderId: 'order-0001', amount }]);
  });
});
