import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PortOneV1Launch, PortOneV1Request } from '../../../contract/index.js';
import type { LaunchResult, MountPlaces, OpenContext } from '../../../widget/providers/launcher.js';
import { portOneV1 } from '../../../widget/providers/portone-v1.js';
import { phone, pretendBrowser, pretendPage } from './page.js';

const auto = { redirect: 'auto' } as const;
const paid = { imp_uid: 'imp_1', merchant_uid: 'pay_1_1', success: true };

let number = 0;
let script = '';

const request = {
  channelKey: 'channel-key-1',
  merchant_uid: 'pay_1_1',
  name: '물약',
  notice_url: 'https://pay.example/api/v1/webhooks/portone-v1/m1',
};
const windowLaunch = (more: Partial<PortOneV1Request> = {}): Extract<PortOneV1Launch, { kind: 'window' }> => ({
  provider: 'portone-v1',
  kind: 'window',
  script,
  userCode: 'imp00000001',
  request: {
    ...{ ...request, pay_method: 'card', amount: 12_900, currency: 'KRW', buyer_name: '김봄' },
    m_redirect_url: 'https://items.example/?back',
    ...more,
  },
});
const uiLaunch = (amount = 14.2): Extract<PortOneV1Launch, { kind: 'ui' }> => ({
  provider: 'portone-v1',
  kind: 'ui',
  script,
  userCode: 'imp00000001',
  uiType: 'paypal-spb',
  request: { ...request, pay_method: 'paypal', amount, currency: 'USD' },
});

type Callback = (said: unknown) => void;

/** `answer`: what `request_pay` does, in the task of its call or later. */
function pretendIMP(answer: (callback: Callback) => void = (callback) => callback(paid)) {
  const calls: [name: string, ...args: unknown[]][] = [];
  const callbacks: Callback[] = [];
  const IMP = {
    init: (userCode: string) => void calls.push(['init', userCode]),
    agency: (userCode: string, tierCode: string) => void calls.push(['agency', userCode, tierCode]),
    request_pay(given: object, callback: Callback) {
      calls.push(['request_pay', given]);
      callbacks.push(callback);
      answer(callback);
    },
    loadUI(type: string, given: object, callback: Callback) {
      calls.push(['loadUI', type, given]);
      callbacks.push(callback);
    },
    updateLoadUIRequest: (type: string, given: object) => void calls.push(['update', type, given]),
  };
  const page = pretendPage(() => ({ IMP }));
  const named = (name: string) => calls.filter(([each]) => each === name);
  return { calls, named, callbacks, IMP, page };
}

beforeEach(() => {
  script = `https://cdn.iamport.example/${++number}.js`;
  pretendBrowser();
});
afterEach(() => vi.unstubAllGlobals());

async function open(answer: (callback: Callback) => void, context: OpenContext = auto, launch = windowLaunch()) {
  const sdk = pretendIMP(answer);
  await portOneV1.preload(launch);
  return { sdk, result: await portOneV1.open(launch, context) };
}
const says = async (said: unknown) => (await open((callback) => callback(said))).result;

describe('whose payments V1 opens', () => {
  test('is named once, however often something is fetched and opened', async () => {
    const sdk = pretendIMP();
    await Promise.all([portOneV1.preload(windowLaunch()), portOneV1.preload(windowLaunch())]);
    await portOneV1.open(windowLaunch(), auto);
    await portOneV1.open(windowLaunch(), auto);
    expect(sdk.calls.map(([name]) => name)).toEqual(['init', 'request_pay', 'request_pay']);
    expect(sdk.calls[0]).toEqual(['init', 'imp00000001']);
  });

  test('is a sub-merchant where the launch has its code', async () => {
    const { sdk } = await open((callback) => callback(paid), auto, { ...windowLaunch(), tierCode: 'A1B' });
    expect([sdk.named('init'), sdk.named('agency')]).toEqual([[], [['agency', 'imp00000001', 'A1B']]]);
  });

  test('is named anew where another account of the same page was opened meanwhile', async () => {
    const sdk = pretendIMP();
    const other = { ...windowLaunch(), userCode: 'imp00000002' };
    await portOneV1.preload(windowLaunch());
    await portOneV1.preload(other);
    await portOneV1.open(windowLaunch(), auto);
    expect(sdk.calls.slice(0, -1)).toEqual([
      ['init', 'imp00000001'],
      ['init', 'imp00000002'],
      ['init', 'imp00000001'],
    ]);
  });

  test('can’t be named: the site owner hears it before anybody presses', async () => {
    const sdk = pretendIMP();
    sdk.IMP.init = () => {
      throw new Error('no such account');
    };
    const mistake = { outcome: 'unavailable', why: 'misconfigured', code: 'init_failed' };
    expect(await portOneV1.preload(windowLaunch())).toMatchObject(mistake);
    expect(await portOneV1.open(windowLaunch(), auto)).toMatchObject(mistake);
    expect(sdk.named('request_pay')).toEqual([]);
  });
});

describe('the window', () => {
  test('answers by callback; what it says are hints', async () => {
    const { sdk, result } = await open((callback) => setTimeout(callback, 0, paid));
    expect(result).toEqual({ outcome: 'returned', hints: { orderId: 'pay_1_1', impUid: 'imp_1' } });
    expect(sdk.named('request_pay')).toEqual([['request_pay', windowLaunch().request]]);
  });

  test('is asked for within the task of the click', async () => {
    const sdk = pretendIMP(() => {});
    await portOneV1.preload(windowLaunch());
    void portOneV1.open(windowLaunch(), auto);
    expect(sdk.named('request_pay')).toHaveLength(1);
  });

  test('what `request_pay` returns counts for nothing: only the callback answers', async () => {
    const sdk = pretendIMP();
    sdk.IMP.request_pay = (_request: object, callback: Callback) => {
      setTimeout(callback, 5, paid);
      return Promise.resolve({ error_code: 'F400' });
    };
    await portOneV1.preload(windowLaunch());
    expect(await portOneV1.open(windowLaunch(), auto)).toMatchObject({ outcome: 'returned' });
  });

  test('the first of two callbacks counts', async () => {
    const { result } = await open((callback) => {
      callback({ ...paid, error_code: 'F400', error_msg: '한도 초과' });
      callback(paid);
    });
    expect(result).toMatchObject({ outcome: 'failed', code: 'F400' });
  });

  test('without a callback it is left open: the next click opens another, and a late callback still tells its own order', async () => {
    const sdk = pretendIMP(() => {});
    await portOneV1.preload(windowLaunch());
    const first = portOneV1.open(windowLaunch(), auto);
    const second = portOneV1.open(windowLaunch({ merchant_uid: 'pay_1_2' }), auto);
    sdk.callbacks[0]?.(paid);
    sdk.callbacks[1]?.({ imp_uid: 'imp_2' });
    expect(await first).toEqual({ outcome: 'returned', hints: { orderId: 'pay_1_1', impUid: 'imp_1' } });
    expect(await second).toEqual({ outcome: 'returned', hints: { orderId: 'pay_1_2', impUid: 'imp_2' } });
  });

  test('what the shopper typed goes over the launch’s own', async () => {
    const { sdk } = await open((callback) => callback(paid), {
      ...auto,
      buyer: {
        ...{ email: 'spring@items.example', phone: '+82 10-1234-5678' },
        ...{ address: '서울 강남구 테헤란로 1', addressDetail: '9층', postcode: '06236' },
      },
    });
    expect(sdk.named('request_pay')[0]?.[1]).toEqual({
      ...windowLaunch().request,
      buyer_name: '김봄',
      buyer_email: 'spring@items.example',
      buyer_tel: '01012345678',
      buyer_addr: '서울 강남구 테헤란로 1 9층',
      buyer_postcode: '06236',
    });
  });

  test('what V1 would refuse of it is left out, and what was cleared is gone', async () => {
    const buyer = { name: '', phone: 'call me', email: `${'x'.repeat(100)}@items.example`, address: '가'.repeat(300) };
    const { sdk } = await open((callback) => callback(paid), { ...auto, buyer });
    const { buyer_name, ...rest } = windowLaunch().request;
    expect(sdk.named('request_pay')[0]?.[1]).toEqual({ ...rest, buyer_addr: '가'.repeat(200) });
  });

  test('on a phone the page leaves: nothing is said any more', async () => {
    pretendBrowser({ userAgent: phone });
    const sdk = pretendIMP(() => {});
    await portOneV1.preload(windowLaunch());
    const result = portOneV1.open(windowLaunch(), { redirect: 'always' });
    const later = new Promise((resolve) => setTimeout(resolve, 10, 'nothing yet'));
    expect(await Promise.race([result, later])).toBe('nothing yet');
    expect(sdk.named('request_pay')).toHaveLength(1);
  });

  test('a phone that could not come back is not sent away', async () => {
    pretendBrowser({ userAgent: phone });
    const { m_redirect_url, ...rest } = windowLaunch().request;
    const launch = { ...windowLaunch(), request: rest };
    const { sdk, result } = await open(() => {}, auto, launch);
    expect(result).toMatchObject({ why: 'misconfigured', code: 'no_return_url' });
    expect(sdk.named('request_pay')).toEqual([]);
  });

  test('before the script is there, and for another provider’s launch, nothing is called', async () => {
    const sdk = pretendIMP();
    expect(portOneV1.isReady(windowLaunch())).toBe(false);
    expect(await portOneV1.open(windowLaunch(), auto)).toMatchObject({ code: 'not_loaded_yet' });
    await portOneV1.preload(windowLaunch());
    expect(portOneV1.isReady(windowLaunch())).toBe(true);
    expect(await portOneV1.open(uiLaunch(), auto)).toMatchObject({ code: 'wrong_launch' });
    expect(sdk.named('request_pay')).toEqual([]);
  });
});

describe('what V1 says', () => {
  test.each([
    ['a payment, as new scripts say it', { imp_uid: 'imp_1', merchant_uid: 'pay_1_1' }],
    ['a payment that `success` denies', { ...paid, success: false }],
    ['a payment that `imp_success` denies', { ...paid, imp_success: 'false' }],
    ['an account that waits for its deposit', { ...paid, success: false, status: 'ready', vbank_num: '1' }],
    ['an empty error', { ...paid, error_code: null, error_msg: null }],
    ['words without a code', { ...paid, error_msg: '결제가 완료되지 않았습니다.' }],
    ['a failure by its old word alone', { ...paid, success: false, status: 'failed' }],
  ])('%s: the server looks', async (_what, said) => {
    expect(await says(said)).toEqual({ outcome: 'returned', hints: { orderId: 'pay_1_1', impUid: 'imp_1' } });
  });

  test.each([[null], [undefined], [{}], ['imp_1'], [{ imp_uid: null, merchant_uid: null }]])(
    'nothing of use, %j: the server looks by our own order id',
    async (said) => {
      expect(await says(said)).toEqual({ outcome: 'returned', hints: { orderId: 'pay_1_1' } });
    },
  );

  test('a refusal keeps the payment company’s code and words', async () => {
    const said = { ...paid, success: false, status: 'failed', error_code: '51', error_msg: '잔액이 부족합니다.' };
    expect(await says(said)).toEqual({
      outcome: 'failed',
      code: '51',
      message: '잔액이 부족합니다.',
      hints: { orderId: 'pay_1_1', impUid: 'imp_1', code: '51', message: '잔액이 부족합니다.' },
    });
  });

  test('a refusal counts also where `success` says otherwise', async () => {
    expect(await says({ ...paid, success: true, error_code: 'F400' })).toMatchObject({ outcome: 'failed' });
  });

  test.each([
    ['a number', 8_001, '8001'],
    ['nothing in it', '', 'UnknownError'],
    ['something else', { code: 1 }, 'UnknownError'],
  ])('a code that is %s', async (_what, error_code, code) => {
    expect(await says({ ...paid, error_code })).toMatchObject({ outcome: 'failed', code });
  });

  test.each([
    ['imp_uid is null', { imp_uid: null, merchant_uid: 'pay_1_1', error_code: 'INVALID', error_msg: '이미 결제됨' }],
    ['imp_uid is absent', { merchant_uid: 'pay_1_1', error_code: 'INVALID', error_msg: '이미 결제됨' }],
    ['not even the order is named', { error_code: 'INVALID', error_msg: '이미 결제됨' }],
  ])('an early refusal, where %s, still names our order', async (_what, said) => {
    expect(await says(said)).toEqual({
      outcome: 'failed',
      code: 'INVALID',
      message: '이미 결제됨',
      hints: { orderId: 'pay_1_1', code: 'INVALID', message: '이미 결제됨' },
    });
  });

  test.each(['USER_CANCEL', 'PAY_PROCESS_CANCELED', 'PAYMENT_REQUEST_ABORTED'])(
    'a shopper who left is known by %s; the server looks all the same',
    async (error_code) => {
      const hints = { orderId: 'pay_1_1', impUid: 'imp_1', code: error_code };
      expect(await says({ ...paid, error_code })).toEqual({ outcome: 'canceled', code: error_code, hints });
    },
  );

  test.each([
    ['kept shut is told from a failure', {}, { outcome: 'unavailable', why: 'window_blocked', code: 'POPUP' }],
    ['opened after all, of which there is a record, has failed', { imp_uid: 'imp_1' }, { outcome: 'failed' }],
  ])('a window outside of a click that the browser %s', async (_what, more, expected) => {
    pretendBrowser({ isActive: false });
    const said = { error_code: 'POPUP', error_msg: '팝업이 차단되었습니다.', ...more };
    expect(await says(said)).toMatchObject(expected);
  });

  test.each([
    ['in a click, the server looks', true, { outcome: 'failed', code: 'UnknownError', hints: { orderId: 'pay_1_1' } }],
    ['else another click helps', false, { outcome: 'unavailable', why: 'window_blocked', code: 'UnknownError' }],
  ])('an exception tells the shopper nothing of its own: %s', async (_what, isActive, expected) => {
    pretendBrowser({ isActive });
    const { result } = await open(() => {
      throw new TypeError('x is not a function');
    });
    expect(result).toEqual(expected);
  });

  test('an exception after the callback changes nothing', async () => {
    const { result } = await open((callback) => {
      callback(paid);
      throw new Error('late');
    });
    expect(result).toMatchObject({ outcome: 'returned' });
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

  async function mount(place = placeOf(), sdk = pretendIMP()) {
    await portOneV1.preload(uiLaunch());
    const results: LaunchResult[] = [];
    const onOpening = vi.fn();
    const handlers = { onReady: () => {}, onOpening, onResult: (result: LaunchResult) => results.push(result) };
    const mounted = await portOneV1.mount?.(uiLaunch(), placesOf(place), handlers);
    if (mounted && 'unmount' in mounted) drawn.push(mounted);
    return { sdk, place, mounted, results, onOpening };
  }
  const controls = (mounted: Awaited<ReturnType<typeof mount>>['mounted']) => {
    if (!mounted || !('update' in mounted)) throw new Error(JSON.stringify(mounted));
    return mounted;
  };

  test('is drawn where V1 looks for it, for its account, and is the only way to pay', async () => {
    const { sdk, place, mounted } = await mount();
    expect([[...place.names], place.dataset.portoneUiType]).toEqual([['portone-ui-container'], 'paypal-spb']);
    expect(sdk.calls).toEqual([
      ['init', 'imp00000001'],
      ['loadUI', 'paypal-spb', uiLaunch().request],
    ]);
    expect(controls(mounted).open).toBeUndefined();
  });

  test('says how it ended, as often as it is pressed', async () => {
    const { sdk, results } = await mount();
    sdk.callbacks[0]?.({ imp_uid: null, error_code: 'PAY_PROCESS_CANCELED' });
    sdk.callbacks[0]?.({ imp_uid: 'imp_1', error_code: 'F400', error_msg: '거절' });
    sdk.callbacks[0]?.(paid);
    expect(results.map(({ outcome }) => outcome)).toEqual(['canceled', 'failed', 'returned']);
  });

  test('a refusal before any press is about the button itself: the site owner’s to mend', async () => {
    const { sdk, place, results } = await mount();
    const refusal = { imp_uid: null, error_code: 'CHANNEL_NOT_FOUND', error_msg: '채널이 없습니다.' };
    sdk.callbacks[0]?.(refusal);
    place.dispatchEvent(new Event('click'));
    sdk.callbacks[0]?.(refusal);
    expect(results).toEqual([
      { outcome: 'unavailable', why: 'misconfigured', code: 'CHANNEL_NOT_FOUND', message: '채널이 없습니다.' },
      expect.objectContaining({ outcome: 'failed', code: 'CHANNEL_NOT_FOUND' }),
    ]);
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
    const next = uiLaunch(28.4);
    next.request.merchant_uid = 'pay_1_2';
    expect(await controls(mounted).update(next)).toBeUndefined();
    expect(sdk.calls.at(-1)).toEqual(['update', 'paypal-spb', next.request]);
    expect(sdk.named('loadUI')).toHaveLength(1);
    sdk.callbacks[0]?.({});
    expect(results).toEqual([{ outcome: 'returned', hints: { orderId: 'pay_1_2' } }]);
  });

  test('an update that V1 refuses leaves its results with the order that is still drawn', async () => {
    const { sdk, mounted, results } = await mount();
    sdk.IMP.updateLoadUIRequest = () => {
      throw new Error('금액 오류');
    };
    const next = uiLaunch(28.4);
    next.request.merchant_uid = 'pay_1_2';
    expect(await controls(mounted).update(next)).toMatchObject({ why: 'misconfigured', code: 'ui_not_drawn' });
    expect(await controls(mounted).update(windowLaunch())).toMatchObject({ code: 'wrong_launch' });
    sdk.callbacks[0]?.(paid);
    expect(results).toEqual([{ outcome: 'returned', hints: { orderId: 'pay_1_1', impUid: 'imp_1' } }]);
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
    const sdk = pretendIMP();
    sdk.IMP.loadUI = () => {
      throw new Error('no container');
    };
    const { place, mounted } = await mount(placeOf(), sdk);
    expect(mounted).toMatchObject({ outcome: 'unavailable', why: 'misconfigured', code: 'ui_not_drawn' });
    expect(place.names.size).toBe(0);
  });
});
