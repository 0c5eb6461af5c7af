import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TossLaunch } from '../../../contract/index.js';
import type { MountPlaces } from '../../../widget/providers/launcher.js';
import { toss } from '../../../widget/providers/toss.js';
import { phone, pretendBrowser, pretendPage } from './page.js';

const answer = { paymentKey: 'tviva_1', orderId: 'pay_1_1', amount: { value: 12_900, currency: 'KRW' } };
const urls = { successUrl: 'https://blog.example/?ok', failUrl: 'https://blog.example/?no' };
const auto = { redirect: 'auto' } as const;
const places = { methods: { id: 'pc-methods-1' }, agreement: { id: 'pc-terms-1' } } as MountPlaces;

let number = 0;
let script = '';

const launchOf = (more: Partial<TossLaunch['request']> = {}, kind: TossLaunch['kind'] = 'window'): TossLaunch => ({
  provider: 'toss',
  kind,
  script,
  clientKey: kind === 'widget' ? 'test_gck_1' : 'test_ck_1',
  customerKey: '@@ANONYMOUS',
  amount: { currency: 'KRW', value: 12_900 },
  request: {
    ...(kind === 'window' && { method: 'CARD', amount: { currency: 'KRW', value: 12_900 } }),
    orderId: 'pay_1_1',
    orderName: '드립백 커피',
    ...urls,
    ...more,
  },
});

const refusal = (code: string, message = '안내') => Object.assign(new Error(message), { code });

/** Toss's SDK as far as it is called; `requestPayment` answers what the test says. */
function pretendToss(requestPayment: (request: Record<string, unknown>) => unknown = () => answer) {
  const calls: [name: string, argument: unknown][] = [];
  const heard = new Map<string, (value: unknown) => void>();
  const call =
    (name: string, result: unknown = undefined) =>
    async (argument?: unknown) => {
      calls.push([name, argument]);
      return result;
    };
  const pay = async (argument: Record<string, unknown>) => {
    calls.push(['requestPayment', argument]);
    return requestPayment(argument);
  };
  const piece = (name: string) => ({
    on: (event: string, listener: (value: unknown) => void) => heard.set(event, listener),
    destroy: call(`${name}.destroy`),
  });
  const widgets = {
    setAmount: call('setAmount'),
    renderPaymentMethods: call('renderPaymentMethods', piece('methods')),
    renderAgreement: call('renderAgreement', piece('terms')),
    requestPayment: pay,
  };
  const TossPayments = (clientKey: string) => ({
    payment: (of: unknown) => {
      calls.push([`payment ${clientKey}`, of]);
      return { requestPayment: pay };
    },
    widgets: () => widgets,
  });
  pretendPage(() => ({ TossPayments }));
  const requests = () => calls.filter(([name]) => name === 'requestPayment').map(([, argument]) => argument);
  return { calls, widgets, requests, tell: (event: string, value: unknown) => heard.get(event)?.(value) };
}

beforeEach(() => {
  script = `https://js.tosspayments.example/${++number}`;
  pretendBrowser();
});
afterEach(() => vi.unstubAllGlobals());

describe('Toss’s payment window', () => {
  test('on a computer it answers by promise, without the return URLs, and what it says are hints', async () => {
    const sdk = pretendToss();
    const launch = launchOf();
    expect(toss.isReady(launch)).toBe(false);
    expect(await toss.preload(launch)).toBeUndefined();
    expect(toss.isReady(launch)).toBe(true);
    expect(await toss.open(launch, auto)).toEqual({
      outcome: 'returned',
      hints: { orderId: 'pay_1_1', paymentKey: 'tviva_1', amount: 12_900 },
    });
    const { successUrl, failUrl, ...order } = launch.request;
    expect(sdk.requests()).toEqual([order]);
    expect(sdk.calls[0]).toEqual(['payment test_ck_1', { customerKey: '@@ANONYMOUS' }]);
  });

  test('the provider is called within the task of the click', async () => {
    const sdk = pretendToss();
    const launch = launchOf();
    await toss.preload(launch);
    void toss.open(launch, auto);
    expect(sdk.requests()).toHaveLength(1);
  });

  test.each([
    ['on a phone', { userAgent: phone }, auto, {}],
    ['in an in-app browser', {}, { redirect: 'always' } as const, {}],
    ['with PayPal', {}, auto, { method: 'FOREIGN_EASY_PAY' as const }],
  ])('%s the page leaves', async (_where, browser, context, request) => {
    pretendBrowser(browser);
    const sdk = pretendToss(() => undefined);
    const launch = launchOf(request);
    await toss.preload(launch);
    expect(await toss.open(launch, context)).toEqual({ outcome: 'redirecting' });
    expect(sdk.requests()).toEqual([{ ...launch.request, windowTarget: 'self' }]);
  });

  test('a tablet that calls itself a computer leaves the page when the promise is refused', async () => {
    const sdk = pretendToss(({ successUrl }) => {
      if (!successUrl) throw refusal('NOT_SUPPORTED_PROMISE');
    });
    const launch = launchOf();
    await toss.preload(launch);
    expect(await toss.open(launch, auto)).toEqual({ outcome: 'redirecting' });
    expect(sdk.requests()).toHaveLength(2);
  });

  test('a phone without a return URL is the site owner’s to mend', async () => {
    pretendBrowser({ userAgent: phone });
    pretendToss(() => {
      throw refusal('NOT_SUPPORTED_PROMISE');
    });
    const { successUrl, failUrl, ...request } = launchOf().request;
    const launch = { ...launchOf(), request };
    await toss.preload(launch);
    expect(await toss.open(launch, auto)).toMatchObject({ outcome: 'unavailable', why: 'misconfigured' });
  });

  test('the buyer goes over the launch’s own; what Toss would refuse is left out', async () => {
    const sdk = pretendToss();
    const launch = launchOf({
      customerName: '김봄',
      customerEmail: 'spring@blog.example',
      customerMobilePhone: '021234',
    });
    await toss.preload(launch);
    await toss.open(launch, { ...auto, buyer: { name: '🦊'.repeat(300), phone: '+82 10-1234-5678' } });
    await toss.open(launch, { ...auto, buyer: { email: '', phone: '12' } });
    expect(sdk.requests()).toMatchObject([
      { customerName: '🦊'.repeat(100), customerEmail: 'spring@blog.example', customerMobilePhone: '01012345678' },
      { customerName: '김봄' },
    ]);
    expect(sdk.requests()[1]).not.toHaveProperty('customerEmail');
    expect(sdk.requests()[1]).not.toHaveProperty('customerMobilePhone');
  });

  test('before the script is there it says so', async () => {
    pretendToss();
    expect(await toss.open(launchOf(), auto)).toMatchObject({ outcome: 'unavailable', code: 'not_loaded_yet' });
  });
});

describe('what Toss refuses', () => {
  const hints = (code: string) => ({ orderId: 'pay_1_1', code, message: '안내' });
  test.each([
    ['USER_CANCEL', { outcome: 'canceled', hints: hints('USER_CANCEL') }],
    ['PAY_PROCESS_CANCELED', { outcome: 'canceled', hints: hints('PAY_PROCESS_CANCELED') }],
    ['PAYMENT_REQUEST_ABORTED', { outcome: 'canceled', hints: hints('PAYMENT_REQUEST_ABORTED') }],
    ['PAY_PROCESS_ABORTED', { outcome: 'failed', message: '안내', hints: hints('PAY_PROCESS_ABORTED') }],
    ['REJECT_CARD_COMPANY', { outcome: 'failed', message: '안내', hints: hints('REJECT_CARD_COMPANY') }],
    ['PROVIDER_STATUS_UNHEALTHY', { outcome: 'failed', message: '안내', hints: hints('PROVIDER_STATUS_UNHEALTHY') }],
    ['NEED_AGREEMENT_WITH_REQUIRED_TERMS', { outcome: 'incomplete', message: '안내' }],
    ['NEED_REFUND_ACCOUNT_DETAIL', { outcome: 'incomplete', message: '안내' }],
    ['INVALID_METHOD_TRANSACTION', { outcome: 'unavailable', why: 'window_blocked', message: '안내' }],
    ['INVALID_CLIENT_KEY', { outcome: 'unavailable', why: 'misconfigured', message: '안내' }],
    ['A_CODE_OF_NEXT_YEAR', { outcome: 'failed', message: '안내', hints: hints('A_CODE_OF_NEXT_YEAR') }],
  ])('%s', async (code, expected) => {
    pretendToss(() => {
      throw refusal(code);
    });
    await toss.preload(launchOf());
    expect(await toss.open(launchOf(), auto)).toEqual({ code, ...expected });
  });

  test('a window that the browser kept shut, because no click was left, is told from a failure', async () => {
    pretendToss(() => {
      throw refusal('UNKNOWN');
    });
    await toss.preload(launchOf());
    expect(await toss.open(launchOf(), auto)).toMatchObject({ outcome: 'failed' });
    pretendBrowser({ isActive: false });
    expect(await toss.open(launchOf(), auto)).toMatchObject({ outcome: 'unavailable', why: 'window_blocked' });
  });

  test('an error without a code, as of a lost network, tells the shopper nothing of its own', async () => {
    pretendToss(() => {
      throw new TypeError('Failed to fetch');
    });
    await toss.preload(launchOf());
    expect(await toss.open(launchOf(), auto)).toEqual({
      outcome: 'failed',
      code: 'UNKNOWN',
      hints: { orderId: 'pay_1_1' },
    });
  });
});

describe('Toss’s payment widget', () => {
  async function mounted(sdk = pretendToss()) {
    const launch = launchOf({}, 'widget');
    await toss.preload(launch);
    const ready: boolean[] = [];
    const handlers = { onReady: (is: boolean) => ready.push(is), onOpening: () => {}, onResult: () => {} };
    const widget = await toss.mount?.(launch, places, handlers);
    if (!widget || !('update' in widget)) throw new Error(JSON.stringify(widget));
    return { sdk, launch, ready, widget };
  }

  test('the amount comes first, then methods and terms in their places', async () => {
    const { sdk, ready } = await mounted();
    expect(sdk.calls).toEqual([
      ['setAmount', { currency: 'KRW', value: 12_900 }],
      ['renderPaymentMethods', { selector: '#pc-methods-1', variantKey: 'DEFAULT' }],
      ['renderAgreement', { selector: '#pc-terms-1', variantKey: 'AGREEMENT' }],
    ]);
    expect(ready).toEqual([true]);
  });

  test('the pay button follows the terms', async () => {
    const { sdk, ready } = await mounted();
    sdk.tell('agreementStatusChange', { agreedRequiredTerms: false });
    sdk.tell('agreementStatusChange', { agreedRequiredTerms: true });
    expect(ready).toEqual([true, false, true]);
  });

  test('a new price is set without drawing again, and never paid with the old one', async () => {
    const { sdk, launch, widget } = await mounted();
    const dearer = { ...launch, amount: { currency: 'KRW', value: 25_800 } } as const;
    expect(await widget.update(dearer)).toBeUndefined();
    expect(sdk.calls.at(-1)).toEqual(['setAmount', { currency: 'KRW', value: 25_800 }]);
    await widget.open?.(launch, auto);
    expect(sdk.calls.slice(-2).map(([name]) => name)).toEqual(['setAmount', 'requestPayment']);
  });

  test('the window is asked for within the task of the click', async () => {
    const { sdk, launch, widget } = await mounted();
    void widget.open?.(launch, auto);
    expect(sdk.requests()).toHaveLength(1);
  });

  test('what was chosen there is told', async () => {
    const { launch, widget } = await mounted(pretendToss(() => ({ ...answer, paymentType: 'NORMAL' })));
    expect(await widget.open?.(launch, auto)).toMatchObject({ outcome: 'returned', hints: { paymentType: 'NORMAL' } });
  });

  test('it is taken away once, also when asked twice', async () => {
    const { sdk, widget } = await mounted();
    widget.unmount();
    widget.unmount();
    expect(sdk.calls.slice(3).map(([name]) => name)).toEqual(['methods.destroy', 'terms.destroy']);
  });

  test('where the terms can’t be drawn, the methods go away again and the reason is told', async () => {
    const sdk = pretendToss();
    sdk.widgets.renderAgreement = async () => {
      throw refusal('INVALID_VARIANT_KEY');
    };
    const launch = launchOf({}, 'widget');
    await toss.preload(launch);
    const handlers = { onReady: () => {}, onOpening: () => {}, onResult: () => {} };
    expect(await toss.mount?.(launch, places, handlers)).toEqual({
      outcome: 'unavailable',
      why: 'misconfigured',
      code: 'INVALID_VARIANT_KEY',
      message: '안내',
    });
    expect(sdk.calls.at(-1)?.[0]).toBe('methods.destroy');
  });
});
