import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PortOneV2Launch } from '../../../contract/index.js';
import type { LaunchResult, MountPlaces } from '../../../widget/providers/launcher.js';
import { portOneV2 } from '../../../widget/providers/portone-v2.js';
import { pretendBrowser, pretendPage } from './page.js';

const auto = { redirect: 'auto' } as const;
const response = { transactionType: 'PAYMENT', paymentId: 'pay_1_1', txId: 'tx-1' };

let number = 0;
let script = '';

const base = () => ({
  storeId: 'store-1',
  channelKey: 'channel-key-1',
  paymentId: 'pay_1_1',
  orderName: '드립백 커피',
});
const windowLaunch = (): PortOneV2Launch => ({
  provider: 'portone-v2',
  kind: 'window',
  script,
  request: {
    ...base(),
    totalAmount: 12_900,
    currency: 'KRW',
    payMethod: 'CARD',
    customer: { customerId: 'c1', fullName: '김봄' },
    redirectUrl: 'https://blog.example/?back',
  },
});
const uiLaunch = (totalAmount = 1_420): PortOneV2Launch => ({
  provider: 'portone-v2',
  kind: 'ui',
  script,
  request: { ...base(), totalAmount, currency: 'USD', uiType: 'PAYPAL_SPB', windowType: { pc: 'UI', mobile: 'UI' } },
});

interface Callbacks {
  onPaymentSuccess(response: unknown): void;
  onPaymentFail(error: unknown): void;
}

function pretendPortOne(requestPayment: (request: object) => unknown = () => response) {
  const calls: [name: string, request: object][] = [];
  let callbacks: Callbacks | undefined;
  const PortOne = {
    requestPayment: async (request: object) => {
      calls.push(['requestPayment', request]);
      return requestPayment(request);
    },
    loadPaymentUI: async (request: object, given: Callbacks) => {
      calls.push(['loadPaymentUI', request]);
      callbacks = given;
    },
    updateLoadPaymentUIRequest: async (request: object) => void calls.push(['update', request]),
  };
  const page = pretendPage(() => ({ PortOne }));
  return { calls, PortOne, page, callbacks: () => callbacks as Callbacks };
}

const refusal = (more: object) =>
  Object.assign(new Error('안내'), { __portOneErrorType: 'PaymentError', message: '안내', ...more });

beforeEach(() => {
  script = `https://cdn.portone.example/${++number}.js`;
  pretendBrowser();
});
afterEach(() => vi.unstubAllGlobals());

async function open(said: () => unknown, context: Parameters<typeof portOneV2.open>[1] = auto) {
  const sdk = pretendPortOne(said);
  await portOneV2.preload(windowLaunch());
  return { sdk, result: await portOneV2.open(windowLaunch(), context) };
}

describe('PortOne’s window', () => {
  test('answers by promise; what it says are hints', async () => {
    const { sdk, result } = await open(() => ({ ...response, paymentToken: 'ptk-1' }));
    expect(result).toEqual({
      outcome: 'returned',
      hints: { orderId: 'pay_1_1', txId: 'tx-1', paymentToken: 'ptk-1' },
    });
    expect(sdk.calls).toEqual([['requestPayment', windowLaunch().request]]);
  });

  test('is asked for within the task of the click', async () => {
    const sdk = pretendPortOne();
    await portOneV2.preload(windowLaunch());
    void portOneV2.open(windowLaunch(), auto);
    expect(sdk.calls).toHaveLength(1);
  });

  test('in an in-app browser it is made to leave the page', async () => {
    const { sdk, result } = await open(() => undefined, { redirect: 'always' });
    expect(result).toEqual({ outcome: 'redirecting' });
    expect(sdk.calls[0]?.[1]).toMatchObject({ forceRedirect: true, redirectUrl: 'https://blog.example/?back' });
  });

  test('the buyer goes over the launch’s own', async () => {
    const { sdk } = await open(() => response, {
      ...auto,
      buyer: { email: 'spring@blog.example', phone: '+82 10-1234-5678' },
    });
    expect(sdk.calls[0]?.[1]).toMatchObject({
      customer: {
        customerId: 'c1',
        fullName: '김봄',
        email: 'spring@blog.example',
        phoneNumber: '01012345678',
      },
    });
  });

  test('a code means that it was not paid; the payment company’s own words are kept', async () => {
    const { result } = await open(() => ({
      ...response,
      code: 'FAILURE_TYPE_PG',
      message: '결제 실패',
      pgCode: 'REJECT_CARD_PAYMENT',
      pgMessage: '잔액이 부족합니다.',
    }));
    expect(result).toEqual({
      outcome: 'failed',
      code: 'REJECT_CARD_PAYMENT',
      message: '잔액이 부족합니다.',
      hints: { orderId: 'pay_1_1', txId: 'tx-1', code: 'FAILURE_TYPE_PG', message: '잔액이 부족합니다.' },
    });
  });

  test.each([
    { pgCode: 'PAY_PROCESS_CANCELED' },
    { pgCode: 'userCancel' },
    { pgMessage: '사용자가 결제를 취소하였습니다' },
    { message: '결제를 취소하셨습니다.' },
  ])('a shopper who left is known by %o', async (said) => {
    const { result } = await open(() => ({ ...response, code: 'FAILURE_TYPE_PG', ...said }));
    expect(result.outcome).toBe('canceled');
  });

  test('a decline that speaks of cancelling something else is none', async () => {
    const { result } = await open(() => ({ code: 'FAILURE_TYPE_PG', pgMessage: '취소 불가 상품입니다.' }));
    expect(result.outcome).toBe('failed');
  });
});

describe('what PortOne rejects with', () => {
  test.each([
    [{ code: 'ChannelNotFound' }, { outcome: 'unavailable', why: 'misconfigured', message: '안내' }],
    [{ code: 'BadRequest' }, { outcome: 'unavailable', why: 'misconfigured', message: '안내' }],
    [
      { code: 'PGProviderError', pgCode: 'NOT_AVAILABLE_PAYMENT' },
      { outcome: 'failed', code: 'NOT_AVAILABLE_PAYMENT' },
    ],
    [{ code: 'PGProviderError', pgCode: 'PAY_PROCESS_CANCELED' }, { outcome: 'canceled' }],
    [{ code: 'AmountNotEqualToPredefined' }, { outcome: 'failed', code: 'AmountNotEqualToPredefined' }],
    [{ code: 'PaymentAlreadyPaid' }, { outcome: 'returned', hints: { orderId: 'pay_1_1' } }],
    [{ code: 'SOMETHING_NEW' }, { outcome: 'failed', code: 'SOMETHING_NEW' }],
  ])('%o', async (said, expected) => {
    const { result } = await open(() => {
      throw refusal(said);
    });
    expect(result).toMatchObject(expected);
  });

  test('a window that the browser kept shut is told from a failure', async () => {
    pretendBrowser({ isActive: false });
    const { result } = await open(() => {
      throw refusal({ code: 'UnknownError' });
    });
    expect(result).toMatchObject({ outcome: 'unavailable', why: 'window_blocked' });
  });

  test('an error without a code tells the shopper nothing of its own', async () => {
    const { result } = await open(() => {
      throw new TypeError('Failed to fetch');
    });
    expect(result).toEqual({ outcome: 'failed', code: 'UnknownError', hints: { orderId: 'pay_1_1' } });
  });
});

describe('PayPal’s button', () => {
  /** An element as far as it is touched. */
  function placeOf() {
    const names = new Set<string>();
    return Object.assign(new EventTarget(), {
      classList: { add: (name: string) => names.add(name), remove: (name: string) => names.delete(name) },
      dataset: {} as Record<string, string>,
      contains: (other: unknown) => other === 'frame',
      replaceChildren: vi.fn(),
      names,
    });
  }
  type Place = ReturnType<typeof placeOf>;

  const placesOf = (place: Place) => ({ methods: place }) as unknown as MountPlaces;
  const drawn: { unmount(): void }[] = [];
  afterEach(() => {
    for (const each of drawn.splice(0)) each.unmount();
  });

  async function mount(place = placeOf(), sdk = pretendPortOne()) {
    await portOneV2.preload(uiLaunch());
    const results: LaunchResult[] = [];
    const onOpening = vi.fn();
    const handlers = { onReady: () => {}, onOpening, onResult: (result: LaunchResult) => results.push(result) };
    const mounted = await portOneV2.mount?.(uiLaunch(), placesOf(place), handlers);
    if (mounted && 'unmount' in mounted) drawn.push(mounted);
    return { sdk, place, mounted, results, onOpening };
  }
  const controls = (mounted: Awaited<ReturnType<typeof mount>>['mounted']) => {
    if (!mounted || !('update' in mounted)) throw new Error(JSON.stringify(mounted));
    return mounted;
  };

  test('is drawn where PortOne looks for it, and is the only way to pay', async () => {
    const { sdk, place, mounted } = await mount();
    expect([...place.names]).toEqual(['portone-ui-container']);
    expect(sdk.calls).toEqual([['loadPaymentUI', uiLaunch().request]]);
    expect(controls(mounted).open).toBeUndefined();
  });

  test('says how it ended, as often as it is pressed', async () => {
    const { sdk, results } = await mount();
    sdk.callbacks().onPaymentFail(refusal({ code: 'PGProviderError', pgCode: 'PAY_PROCESS_CANCELED' }));
    sdk.callbacks().onPaymentSuccess(response);
    expect(results.map(({ outcome }) => outcome)).toEqual(['canceled', 'returned']);
  });

  test('a press is noticed, also inside PayPal’s own frame', async () => {
    const { sdk, place, onOpening } = await mount();
    place.dispatchEvent(new Event('click'));
    expect(onOpening).toHaveBeenCalledTimes(1);
    sdk.page.window.dispatchEvent(new Event('blur'));
    expect(onOpening).toHaveBeenCalledTimes(1);
    vi.stubGlobal('document', { activeElement: 'frame' });
    sdk.page.window.dispatchEvent(new Event('blur'));
    expect(onOpening).toHaveBeenCalledTimes(2);
  });

  test('a new amount is told without drawing again, and its results name its own order', async () => {
    const { sdk, mounted, results } = await mount();
    const next = uiLaunch(2_840);
    next.request.paymentId = 'pay_1_2';
    expect(await controls(mounted).update(next)).toBeUndefined();
    expect(sdk.calls.at(-1)).toEqual(['update', next.request]);
    sdk.callbacks().onPaymentSuccess({});
    expect(results).toEqual([{ outcome: 'returned', hints: { orderId: 'pay_1_2' } }]);
  });

  test('is taken away once', async () => {
    const { place, mounted, onOpening } = await mount();
    controls(mounted).unmount();
    controls(mounted).unmount();
    place.dispatchEvent(new Event('click'));
    expect([place.names.size, place.replaceChildren.mock.calls.length, onOpening.mock.calls.length]).toEqual([0, 1, 0]);
  });

  test('a second one on the page is refused while the first is there: PortOne keeps one order for both', async () => {
    const { mounted } = await mount();
    const second = placeOf();
    expect((await mount(second)).mounted).toMatchObject({ outcome: 'unavailable', code: 'another_ui_is_drawn' });
    expect(second.names.size).toBe(0);
    controls(mounted).unmount();
    expect((await mount(second)).mounted).not.toHaveProperty('outcome');
  });

  test('where it can’t be drawn, nothing is left and the reason is told', async () => {
    const sdk = pretendPortOne();
    sdk.PortOne.loadPaymentUI = async () => {
      throw refusal({ code: 'ChannelNotFound' });
    };
    const { place, mounted } = await mount(placeOf(), sdk);
    expect(mounted).toEqual({ outcome: 'unavailable', why: 'misconfigured', code: 'ChannelNotFound', message: '안내' });
    expect(place.names.size).toBe(0);
  });
});
