import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Launch, ShopperRefundView } from '../../contract/index.js';
import {
  createPage,
  createShopper,
  item,
  launchOf,
  leavePage,
  plan,
  problem,
  type Reply,
  sessionOf,
  settled,
  shopServer,
} from './page.js';

afterEach(leavePage);

async function shown(special?: Parameters<typeof shopServer>[0], more = {}) {
  const page = createPage();
  page.answer(shopServer(special));
  const shopper = createShopper(page, more);
  shopper.checkout.start();
  await settled();
  return { page, ...shopper };
}

async function prepared(special?: Parameters<typeof shopServer>[0], more = {}) {
  const made = await shown(special, more);
  made.checkout.intent();
  await settled();
  return made;
}

async function paying(special?: Parameters<typeof shopServer>[0]) {
  const made = await prepared(special);
  made.checkout.submit();
  return { ...made, window: made.provider.windows[0]! };
}

describe('showing', () => {
  it('takes one request and writes nothing before the shopper means it', async () => {
    const { page, checkout } = await shown();
    expect(page.sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /catalog/coffee?merchant=pk_1']);
    expect([...page.sent[0]!.headers.keys()]).toEqual([]);
    expect(checkout.snapshot).toMatchObject({ state: 'form', ready: false, amount: 4_500, methods: item.methods });
  });

  it('names what is missing on the tag as a mistake of the site, and asks nothing', async () => {
    const { page, checkout } = await shown(undefined, { merchant: undefined, product: undefined });
    expect(checkout.snapshot).toMatchObject({ state: 'error', mistake: { code: 'missing_attributes' } });
    expect(page.sent).toEqual([]);
  });

  it('a page that is not allowed is a mistake of the site', async () => {
    const { checkout } = await shown(() => problem(404, 'item_not_found'));
    expect(checkout.snapshot).toMatchObject({ state: 'error', mistake: { code: 'item_not_found' } });
  });

  it('a server that is away is no error, and the checkout shows as soon as it is back', async () => {
    let away = true;
    const { page, checkout } = await shown(() => (away ? { status: 502, html: '<h1>Bad gateway</h1>' } : undefined));
    await page.advance(5_000);
    expect(checkout.snapshot).toMatchObject({ state: 'loading', notice: { kind: 'obstacle', obstacle: 'server' } });
    away = false;
    checkout.refresh();
    await settled();
    expect(checkout.state).toBe('form');
    expect(checkout.snapshot.notice).toBeUndefined();
  });

  it('offline, it waits for the network by itself', async () => {
    const page = createPage();
    page.answer(shopServer());
    page.goOnline(false);
    const { checkout } = createShopper(page);
    checkout.start();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'loading', online: false, notice: { obstacle: 'offline' } });
    page.goOnline(true);
    await settled();
    expect(checkout.state).toBe('form');
  });
});

describe('preparing', () => {
  it('makes one session with the first intent, however often it is shown', async () => {
    const { page, checkout } = await shown();
    for (let press = 0; press < 5; press += 1) checkout.intent();
    await settled();
    checkout.intent();
    await settled();
    const made = page.requests('POST /payments/sessions');
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ token: 'pk_1', body: { items: [{ item: 'coffee', quantity: 1 }] } });
    expect(made[0]!.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/);
    expect(made[0]!.body.prepare).toMatchObject({ method: 'card' });
    expect(made[0]!.body.prepare.returnUrl).toMatch(/^https:\/\/shop\.example\/item\?id=7&pc_checkout=\w+$/);
    expect(checkout.ready).toBe(true);
  });

  it('a lost answer is asked for again with the same key', async () => {
    let calls = 0;
    const { page, checkout } = await shown((sent) => {
      if (sent.path !== '/payments/sessions') return undefined;
      calls += 1;
      return calls === 1 ? 'lost' : undefined;
    });
    checkout.intent();
    await page.advance(2_000);
    const keys = page.requests('POST /payments/sessions').map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(checkout.ready).toBe(true);
  });

  it('another method or quantity makes it unready until the server said what it costs', async () => {
    const { page, checkout } = await prepared();
    checkout.setQuantity(3);
    expect(checkout.snapshot).toMatchObject({ ready: false, amount: 13_500, quantity: 3 });
    await settled();
    expect(page.requests('PATCH')).toHaveLength(1);
    checkout.choose('kakaopay');
    expect(checkout.ready).toBe(false);
    await settled();
    expect(page.requests('POST /payments/sessions/cs_1/prepare').at(-1)!.body).toMatchObject({ method: 'kakaopay' });
    expect(checkout.ready).toBe(true);
  });

  it('the last of several quick choices is the one that is prepared', async () => {
    const { page, checkout } = await shown();
    checkout.choose('card');
    checkout.choose('kakaopay');
    checkout.choose('virtual_account');
    await settled();
    const last = page.sent.at(-1)!;
    expect(last.body.method ?? last.body.prepare.method).toBe('virtual_account');
    expect(checkout).toMatchObject({ ready: true });
  });

  it('a change while the first answer is on its way: that answer belongs to nothing any more', async () => {
    let answer!: (reply: { status: number; body: object }) => void;
    let made = 0;
    const { page, checkout } = await shown((sent) => {
      if (sent.path !== '/payments/sessions') return undefined;
      made += 1;
      return made > 1
        ? { status: 201, body: { ...sessionOf({ id: 'cs_2', amount: 9_900 }), clientSecret: 's2', launch: launchOf() } }
        : new Promise((give) => {
            answer = give;
          });
    });
    checkout.intent();
    await settled();
    checkout.update({ ...plan, product: 'mug' });
    await settled();
    answer({ status: 201, body: { ...sessionOf(), clientSecret: 'cs_secret', launch: launchOf() } });
    await settled();
    expect(checkout.snapshot.session).toBeUndefined();
    checkout.intent();
    await settled();
    expect(checkout.snapshot.session?.id).toBe('cs_2');
    expect(page.requests('POST /payments/sessions').at(-1)?.body.items).toEqual([{ item: 'mug', quantity: 1 }]);
  });

  it('a quantity that changes while the checkout is off the page is taken up when it is back', async () => {
    const { page, checkout } = await prepared();
    checkout.stop();
    checkout.update({ ...plan, quantity: 3 });
    checkout.start();
    await settled();
    expect(checkout.snapshot).toMatchObject({ quantity: 3, amount: 13_500, ready: true });
    expect(page.requests('PATCH')).toHaveLength(1);
  });

  it('other methods on the tag: the window of one that is not offered any more does not open', async () => {
    const { checkout, provider } = await prepared();
    checkout.update({ ...plan, methods: ['kakaopay'] });
    expect(checkout.snapshot).toMatchObject({ method: 'kakaopay', ready: false });
    checkout.submit();
    await settled();
    expect(provider.windows).toHaveLength(1);
  });

  it('what the buyer typed and could not be saved is saved when the window opens, also while the page leaves', async () => {
    let away = true;
    const { page, checkout, provider } = await prepared((sent) =>
      sent.method === 'PATCH' && away ? problem(500, 'internal') : undefined,
    );
    checkout.setBuyer({ name: '김하나' });
    checkout.saveBuyer();
    await page.advance(5_000);
    away = false;
    const before = page.requests('PATCH').length;
    checkout.submit();
    await settled();
    expect(provider.windows).toHaveLength(1);
    expect(page.requests('PATCH').slice(before)).toMatchObject([
      { body: { buyer: { name: '김하나' } }, keepalive: true },
    ]);
  });

  it('a session that grew old while the form was filled in is replaced without a word', async () => {
    const { page, checkout } = await prepared();
    await page.advance(40 * 60_000);
    expect(checkout.ready).toBe(false);
    page.answer(
      shopServer((sent) =>
        sent.path === '/payments/sessions'
          ? {
              status: 201,
              body: {
                ...sessionOf({ id: 'cs_2', openUntil: '2026-03-02T05:00:00.000Z' }),
                clientSecret: 'cs_b',
                launch: launchOf(),
              },
            }
          : undefined,
      ),
    );
    checkout.submit();
    await settled();
    expect(checkout.snapshot.session?.id).toBe('cs_2');
    expect(checkout.state).toBe('paying');
  });

  it('a session that the server calls expired is replaced as well', async () => {
    let expired = true;
    const { page, checkout } = await prepared((sent) => {
      if (!sent.path.endsWith('/prepare') || !expired) return undefined;
      expired = false;
      return problem(409, 'session_expired');
    });
    checkout.choose('kakaopay');
    await settled();
    expect(page.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions')).toHaveLength(
      2,
    );
    expect(checkout.ready).toBe(true);
  });

  it('only what the server would take of the buyer is sent', async () => {
    const { page, checkout } = await prepared();
    checkout.setBuyer({ name: '김하늘', email: 'half@' });
    checkout.saveBuyer();
    await settled();
    expect(page.requests('PATCH').map(({ body }) => body)).toEqual([{ buyer: { name: '김하늘' } }]);
  });
});

describe('paying', () => {
  it('calls the provider in the task of the click, and tells everyone before', async () => {
    const { checkout, provider, seen } = await prepared();
    let statesBefore: string[] = [];
    const { open } = provider.launcher;
    provider.launcher.open = (...call) => {
      statesBefore = seen.map(({ state }) => state);
      return open(...call);
    };
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
    expect(statesBefore.at(-1)).toBe('paying');
  });

  it('tells the server of the window without waiting, and keeps what the way back needs', async () => {
    const { page } = await paying();
    expect(page.requests('POST /payments/sessions/cs_1/launched')).toMatchObject([
      { body: { attempt: 1 }, keepalive: true },
    ]);
    expect(page.kept.get('pay-checkout:cs_1')).toBe('cs_secret');
    expect(Object.values(page.entry)).toEqual([{ session: 'cs_1' }]);
  });

  it('what came back is verified, and is a receipt', async () => {
    const { page, window, checkout } = await paying();
    window.end({ outcome: 'returned', hints: { orderId: 'pay_1_1', paymentKey: 'pk1', amount: 4_500 } });
    await settled();
    expect(page.requests('POST /payments/verify')[0]).toMatchObject({
      token: 'cs_secret',
      body: { session: 'cs_1', orderId: 'pay_1_1', paymentKey: 'pk1', amount: 4_500 },
    });
    expect(checkout.snapshot).toMatchObject({ state: 'success', outcome: { kind: 'paid' } });
  });

  it('what the shopper typed last goes with the click', async () => {
    const { checkout, provider } = await prepared();
    checkout.setBuyer({ email: 'late@shop.example' });
    checkout.submit();
    expect(provider.windows[0]!.context).toEqual({ buyer: { email: 'late@shop.example' }, redirect: 'auto' });
  });

  it('a double click opens one window', async () => {
    const { checkout, provider } = await prepared();
    checkout.submit();
    checkout.submit();
    await settled();
    expect(provider.windows).toHaveLength(1);
  });

  it('a click that comes too early opens the window as soon as it can, within the second', async () => {
    const { checkout, provider } = await shown();
    checkout.submit();
    expect(provider.windows).toHaveLength(0);
    expect(checkout.state).toBe('opening');
    await settled();
    expect(provider.windows).toHaveLength(1);
  });

  it('after a second, or when the browser forgot the click, it asks for another', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const { page, checkout, provider } = await shown((sent) =>
      sent.path === '/payments/sessions'
        ? gate.then(() => ({ status: 201, body: { ...sessionOf(), clientSecret: 'cs_secret', launch: launchOf() } }))
        : undefined,
    );
    checkout.submit();
    await page.advance(1_000);
    expect(checkout.snapshot).toMatchObject({ state: 'form', preparing: true, pressAgain: false });
    release();
    await settled();
    expect(checkout.snapshot).toMatchObject({ ready: true, pressAgain: true });
    expect(provider.windows).toHaveLength(0);
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('a price that differs from the one on the button is shown before anything is opened', async () => {
    const { checkout, provider } = await shown((sent) =>
      sent.path === '/payments/sessions'
        ? { status: 201, body: { ...sessionOf({ amount: 5_000 }), clientSecret: 'cs_secret', launch: launchOf() } }
        : undefined,
    );
    checkout.submit();
    await settled();
    expect(provider.windows).toHaveLength(0);
    expect(checkout.snapshot).toMatchObject({ state: 'form', amount: 5_000, notice: { kind: 'priceChanged' } });
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('in an app whose browser opens no second window, the page leaves', async () => {
    const page = createPage({ userAgent: 'Mozilla/5.0 (iPhone) KAKAOTALK 10.0' });
    page.answer(shopServer());
    const { checkout, provider } = createShopper(page);
    checkout.start();
    await settled();
    checkout.intent();
    await settled();
    checkout.submit();
    expect(provider.windows[0]!.context.redirect).toBe('always');
  });

  it('a press before what pays has come opens the window, and the checkout knows that it is open', async () => {
    const page = createPage();
    page.answer(shopServer());
    const { checkout, provider } = createShopper(page);
    let pressed = false;
    checkout.subscribe(({ state }) => {
      if (state !== 'form' || pressed) return;
      pressed = true;
      checkout.submit();
    });
    checkout.start();
    await settled();
    expect(provider.windows).toHaveLength(1);
    expect(checkout.state).toBe('paying');
  });

  it('a blocked script is told to the shopper, and the next press tries again', async () => {
    const { checkout, provider } = await shown();
    provider.state.failure = { outcome: 'unavailable', why: 'script_blocked', code: 'error' };
    checkout.submit();
    await settled();
    expect(checkout.snapshot).toMatchObject({
      state: 'form',
      notice: { kind: 'obstacle', obstacle: 'script_blocked' },
    });
    provider.state.failure = undefined;
    checkout.submit();
    await settled();
    expect(checkout.state).toBe('paying');
  });

  it.each([
    ['KAKAOTALK 10', `kakaotalk://web/openExternal?url=${encodeURIComponent('https://shop.example/item?id=7')}`],
    ['Chrome', undefined],
  ])('a blocked script in %s: the way out to the phone’s own browser', async (userAgent, outside) => {
    const page = createPage({ userAgent });
    page.answer(shopServer());
    const { checkout, provider } = createShopper(page);
    provider.state.failure = { outcome: 'unavailable', why: 'script_blocked', code: 'not_loaded' };
    checkout.start();
    await settled();
    checkout.intent();
    await vi.waitFor(() =>
      expect(checkout.snapshot.notice).toEqual({
        kind: 'obstacle',
        obstacle: 'script_blocked',
        ...(outside && { outside }),
      }),
    );
  });

  it('a blocked script of what was paid in another tab meanwhile: it is paid', async () => {
    const page = createPage();
    page.answer(
      shopServer(({ path }) => (path.endsWith('/prepare') ? problem(409, 'payment_already_paid') : undefined)),
    );
    const { checkout, provider } = createShopper(page);
    provider.state.failure = { outcome: 'unavailable', why: 'script_blocked', code: 'not_loaded' };
    checkout.start();
    await settled();
    checkout.intent();
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('a provider that refuses the merchant’s keys is a mistake of the site', async () => {
    const { checkout, provider } = await shown();
    provider.state.failure = { outcome: 'unavailable', why: 'misconfigured', code: 'INVALID_CLIENT_KEY' };
    checkout.submit();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'error', mistake: { code: 'INVALID_CLIENT_KEY' } });
  });
});

describe('the five outcomes', () => {
  it('a window that the provider refuses for the merchant’s settings is a mistake of the site too', async () => {
    const { checkout, window } = await paying();
    window.end({ outcome: 'unavailable', why: 'misconfigured', code: 'NOT_SUPPORTED_METHOD' });
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'error', mistake: { code: 'NOT_SUPPORTED_METHOD' } });
  });

  it('a window that was closed is canceled, and the next one is another attempt', async () => {
    const { page, checkout, window, provider } = await paying((sent) =>
      sent.path === '/payments/verify'
        ? { body: sessionOf({ rev: 5, attempt: { ...sessionOf().attempt!, state: 'launched' } }) }
        : undefined,
    );
    window.end({ outcome: 'canceled', code: 'USER_CANCEL', hints: { code: 'USER_CANCEL' } });
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'canceled', outcome: { kind: 'canceled' } });
    checkout.again();
    await settled();
    expect(page.requests('POST /payments/sessions/cs_1/prepare').length).toBeGreaterThan(0);
    checkout.submit();
    expect(provider.windows).toHaveLength(2);
  });

  it('a decline says why in plain words and offers another way', async () => {
    const failure = { code: 'REJECT_CARD_PAYMENT', message: '한도초과', retryable: false };
    const { checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5, failure }) } : undefined,
    );
    window.end({ outcome: 'returned', hints: { orderId: 'pay_1_1' } });
    await settled();
    expect(checkout.snapshot).toMatchObject({
      state: 'failed',
      outcome: { kind: 'declined', reason: 'limit', retryable: false },
    });
    checkout.choose('kakaopay');
    checkout.again();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', method: 'kakaopay', ready: true });
  });

  it('an issued account waits, and its deposit is a receipt without a reload', async () => {
    let deposit: (answer: unknown) => void = () => undefined;
    const news = new Promise<any>((tell) => {
      deposit = tell;
    });
    const account = { bank: 'KOOKMIN', number: '123' };
    const { page, checkout, window } = await paying((sent) => {
      if (sent.path === '/payments/verify') return { body: sessionOf({ status: 'pending', account, rev: 5 }) };
      return sent.path.includes('after=5') ? news : undefined;
    });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'pending', session: { account } });
    expect(page.requests('GET /payments/sessions/cs_1?after=5&wait=25')).toHaveLength(1);
    deposit({ body: sessionOf({ status: 'paid', rev: 6 }) });
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('nobody is asked for news while the page is hidden', async () => {
    const { page, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ status: 'pending', rev: 5 }) } : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    page.show(false);
    const asked = page.requests('GET /payments/sessions/cs_1?after').length;
    await page.advance(60_000);
    expect(page.requests('GET /payments/sessions/cs_1?after')).toHaveLength(asked);
    page.show(true);
    await settled();
    expect(page.requests('GET /payments/sessions/cs_1?after')).toHaveLength(asked + 1);
  });

  it('a deposit that is not there yet is said to be not there', async () => {
    const { checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ status: 'pending', rev: 5 }) } : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    await checkout.check();
    expect(checkout.snapshot).toMatchObject({ state: 'pending', notice: { kind: 'depositNotYet' } });
  });
});

describe('nothing loses a payment under way', () => {
  it('offline while it is being verified: it asks on, and knows when the network is back', async () => {
    const { page, checkout, window } = await paying();
    page.goOnline(false);
    window.end({ outcome: 'returned', hints: {} });
    await page.advance(30_000);
    expect(checkout.snapshot).toMatchObject({ state: 'verifying', online: false, slow: true });
    page.goOnline(true);
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('a server that dies and comes back, with HTML in between', async () => {
    const replies: Reply[] = [
      'lost',
      { status: 502, html: '<html>' },
      problem(503, 'store_unavailable', 1),
      { status: 202, body: sessionOf({ processing: true, rev: 4 }), retryAfter: 2 },
    ];
    const { page, checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? replies.shift() : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await page.advance(20_000);
    expect(checkout.state).toBe('success');
    expect(page.requests('POST /payments/verify')).toHaveLength(5);
  });

  it('a provider that refuses the server’s keys just now is asked about again', async () => {
    let wrong = true;
    const { page, checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' && wrong ? problem(502, 'provider_misconfigured') : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.state).toBe('verifying');
    wrong = false;
    await page.advance(10_000);
    expect(checkout.state).toBe('success');
  });

  it('another product on the tag waits for the payment, and is shown after it', async () => {
    const { page, checkout, window, states } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5 }) } : undefined,
    );
    checkout.update({ ...plan, product: 'mug' });
    await settled();
    expect(checkout.state).toBe('paying');
    window.end({ outcome: 'canceled', code: 'USER_CANCEL', hints: {} });
    await settled();
    expect(page.requests('GET /catalog/mug')).toHaveLength(1);
    expect(states().slice(-4)).toEqual(['verifying', 'canceled', 'loading', 'form']);
  });

  it('another product on the tag does not take away the receipt of what was paid meanwhile', async () => {
    const { page, checkout, window } = await paying();
    checkout.update({ ...plan, product: 'mug' });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.state).toBe('success');
    checkout.refresh();
    await settled();
    expect(checkout.state).toBe('form');
    expect(page.requests('GET /catalog/mug')).toHaveLength(1);
  });

  it('a new token of the shopper’s takes no result away, and is used for the next order', async () => {
    const { checkout, window } = await paying();
    checkout.update({ ...plan, customerToken: 'jwt-1' });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.state).toBe('success');
    checkout.update({ ...plan, customerToken: 'jwt-2' });
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('a new token while declined: the reason stays, and the next try is in the shopper’s name', async () => {
    const { page, checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5 }) } : undefined,
    );
    window.end({ outcome: 'failed', code: 'REJECT_CARD_COMPANY', hints: {} });
    await settled();
    checkout.update({ ...plan, customerToken: 'jwt-1' });
    await settled();
    expect(checkout.state).toBe('failed');
    checkout.again();
    await settled();
    checkout.intent();
    await settled();
    expect(page.requests('POST /payments/sessions').at(-1)?.body).toMatchObject({ customerToken: 'jwt-1' });
  });

  it('a token that was refused, and then a new one: it can be paid', async () => {
    const page = createPage();
    page.answer(
      shopServer(({ path, body }) =>
        path === '/payments/sessions' && body.customerToken === 'old'
          ? problem(401, 'customer_token_expired')
          : undefined,
      ),
    );
    const { checkout } = createShopper(page, { customerToken: 'old' });
    checkout.start();
    await settled();
    checkout.intent();
    await settled();
    expect(checkout.state).toBe('error');
    checkout.update({ ...plan, customerToken: 'new' });
    await settled();
    checkout.intent();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', ready: true });
  });

  it.each([
    ['open', { body: sessionOf({ rev: 5 }) }],
    ['nothing', 'lost' as const],
  ])(
    'what the window says while the shopper asks goes along, also where that question is answered with %s',
    async (_what, reply) => {
      let answer!: (reply: Reply) => void;
      const asked = new Promise<Reply>((resolve) => {
        answer = resolve;
      });
      const { page, checkout, window } = await paying(({ path, body }) =>
        path !== '/payments/verify' || body.paymentKey ? undefined : asked,
      );
      void checkout.check();
      await settled();
      window.end({ outcome: 'returned', hints: { orderId: 'pay_1_1', paymentKey: 'key1', amount: 4_500 } });
      await settled();
      answer(reply);
      await page.advance(1_000);
      expect(checkout.state).toBe('success');
      expect(page.requests('POST /payments/verify').at(-1)?.body).toMatchObject({ paymentKey: 'key1' });
    },
  );

  it('what an older window says no with takes nobody out of the one that is open', async () => {
    let found = sessionOf({ rev: 5 });
    const { page, checkout, provider, states } = await paying(({ path }) =>
      path === '/payments/verify' ? { body: found } : undefined,
    );
    await checkout.check();
    checkout.submit();
    await page.advance(100);
    expect(provider.windows).toHaveLength(2);
    provider.windows[0]!.end({ outcome: 'canceled', code: 'USER_CANCEL', hints: { orderId: 'pay_1_1' } });
    await settled();
    expect(checkout.state).toBe('paying');
    found = sessionOf({ status: 'paid', rev: 9 });
    provider.windows[1]!.end({ outcome: 'returned', hints: { orderId: 'pay_1_2' } });
    await settled();
    expect(checkout.state).toBe('success');
    expect(states()).not.toContain('canceled');
  });

  it('what an older window was paid in counts, also while another one is open', async () => {
    let found = sessionOf({ rev: 5 });
    const { page, checkout, provider } = await paying(({ path }) =>
      path === '/payments/verify' ? { body: found } : undefined,
    );
    await checkout.check();
    checkout.submit();
    await page.advance(100);
    found = sessionOf({ status: 'paid', rev: 9 });
    provider.windows[0]!.end({ outcome: 'returned', hints: { orderId: 'pay_1_1', paymentKey: 'key1' } });
    await settled();
    expect(checkout.state).toBe('success');
    expect(page.requests('POST /payments/verify').at(-1)?.body).toMatchObject({ paymentKey: 'key1' });
  });

  it('taken off the page while paying, the answer is still verified', async () => {
    const { checkout, window } = await paying();
    checkout.stop();
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('paid in the meantime, as a webhook says, while the window never answers', async () => {
    const { checkout } = await paying((sent) =>
      sent.path.includes('after=1') ? { body: sessionOf({ status: 'paid', rev: 7 }) } : undefined,
    );
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('back from the cache of the browser, the window that was left for is looked after', async () => {
    const { page, checkout } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: sessionOf({ rev: 5 }) } : undefined,
    );
    page.restore();
    await settled();
    expect(checkout.state).toBe('canceled');
  });

  it('an older answer that comes late changes nothing', async () => {
    const { checkout, window } = await paying((sent) => {
      if (sent.path === '/payments/verify') return { body: sessionOf({ status: 'paid', rev: 9 }) };
      if (sent.path.includes('after=')) return { body: sessionOf({ rev: 2 }) };
      return undefined;
    });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'success', session: { rev: 9 } });
  });

  it('paid in another tab: the press ends at the receipt', async () => {
    const { checkout } = await prepared((sent) =>
      sent.path.endsWith('/prepare') ? problem(409, 'payment_already_paid') : undefined,
    );
    checkout.choose('kakaopay');
    await settled();
    expect(checkout.state).toBe('success');
  });

  it('what came back with another amount is not taken for this payment', async () => {
    const { checkout, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? problem(409, 'amount_mismatch') : undefined,
    );
    window.end({ outcome: 'returned', hints: { amount: 1 } });
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { kind: 'mismatch' } });
  });
});

describe("the provider's own controls", () => {
  const widget = launchOf({ kind: 'widget' });
  const server = (sent: { path: string }) =>
    sent.path === '/payments/sessions'
      ? { status: 201, body: { ...sessionOf(), clientSecret: 'cs_secret', launch: widget } }
      : sent.path.endsWith('/prepare')
        ? { body: { ...sessionOf({ rev: 3 }), launch: { ...widget, amount: { currency: 'KRW', value: 9_000 } } } }
        : undefined;

  it('are drawn at the first intent, hear of a new amount, and open with the pay button', async () => {
    const { checkout, provider } = await prepared(server);
    expect(checkout.snapshot).toMatchObject({ controls: 'widget', mounted: true, ready: true });
    checkout.setQuantity(2);
    await settled();
    expect(provider.mounts).toHaveLength(1);
    expect(provider.mounts[0]!.updates).toMatchObject([{ amount: { value: 9_000 } }]);
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('a change while they hear of the one before: no window opens for less than is seen', async () => {
    const { page, checkout, provider } = await prepared(server);
    const hear = provider.mounts[0]!.hear;
    let heard!: () => void;
    hear.until = new Promise((go) => {
      heard = go;
    });
    checkout.setQuantity(2);
    await settled();
    checkout.setQuantity(3);
    expect(checkout.snapshot.quantity).toBe(3);
    expect(checkout.ready).toBe(false);
    checkout.submit();
    expect(provider.windows).toHaveLength(0);
    heard();
    await settled();
    expect(page.requests('PATCH').map(({ body }) => body)).toEqual([{ quantity: 2 }, { quantity: 3 }]);
  });

  it('terms that are not agreed to are asked for, and no window opens', async () => {
    const { checkout, provider } = await prepared(server);
    provider.mounts[0]!.handlers.onReady(false);
    checkout.submit();
    expect(checkout.snapshot.notice).toEqual({ kind: 'agreement' });
    provider.mounts[0]!.handlers.onReady(true);
    expect(checkout.snapshot.notice).toBeUndefined();
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  describe.each(['portone-v2', 'portone-v1'])('with a button of their own (%s)', (name) => {
    const ui = {
      provider: name,
      kind: 'ui',
      script: 'https://js.example/portone',
      request: {},
    } as unknown as Launch;
    const paypal = (sent: { path: string }) =>
      sent.path === '/payments/sessions'
        ? { status: 201, body: { ...sessionOf(), clientSecret: 'cs_secret', launch: ui } }
        : sent.path.endsWith('/prepare')
          ? { body: { ...sessionOf({ rev: 3 }), launch: ui } }
          : undefined;

    it('Enter in a field is no press of it', async () => {
      const { checkout } = await prepared(paypal);
      checkout.submit();
      expect(checkout.snapshot).toMatchObject({ state: 'form', ready: true });
      checkout.setQuantity(2);
      checkout.submit();
      await settled();
      expect(checkout.snapshot).toMatchObject({ state: 'form', ready: true });
    });

    it('a script that was blocked at first: our button brings theirs, and is not pressed for it', async () => {
      const { checkout, provider } = await shown(paypal);
      provider.state.failure = { outcome: 'unavailable', why: 'script_blocked', code: 'not_loaded' };
      checkout.intent();
      await settled();
      expect(checkout.snapshot).toMatchObject({ controls: 'ui', mounted: false });
      provider.state.failure = undefined;
      checkout.submit();
      await settled();
      expect(checkout.snapshot).toMatchObject({ state: 'form', mounted: true, pressAgain: false });
    });
  });

  it('without a place to draw them in, the press ends, and the next one tries again', async () => {
    const page = createPage();
    page.answer(shopServer(server));
    let isThere = false;
    const { checkout, provider } = createShopper(page, {}, async () => {
      if (!isThere) throw new TypeError('Failed to fetch dynamically imported module');
      return { methods: {} as HTMLElement, agreement: {} as HTMLElement };
    });
    checkout.start();
    await settled();
    checkout.submit();
    await page.advance(2_000);
    expect(checkout.snapshot).toMatchObject({
      state: 'form',
      notice: { kind: 'obstacle', obstacle: 'script_blocked' },
    });
    isThere = true;
    checkout.submit();
    await settled();
    expect(checkout.state).toBe('paying');
    expect(provider.windows).toHaveLength(1);
  });

  it('off the page and back, they are drawn anew', async () => {
    const { checkout, provider } = await prepared(server);
    checkout.stop();
    expect(provider.mounts[0]!.unmounted).toBe(true);
    checkout.start();
    await settled();
    expect(provider.mounts).toHaveLength(2);
  });
});

describe('a refund that waits for an account', () => {
  const waiting: ShopperRefundView = {
    id: 'rf_1',
    amount: 4_500,
    currency: 'KRW',
    state: 'needs_account',
    needsAccount: true,
    requestedAt: '2026-03-02T03:00:00.000Z',
  };
  const account = { bank: 'KAKAO', number: '3333-01-1234567', holder: '김하나' };
  const paidBack = sessionOf({ status: 'paid', refunds: [waiting], rev: 5 });

  it('is shown with the receipt, and takes the account', async () => {
    const { page, checkout, window } = await paying((sent) => {
      if (sent.path === '/payments/verify') return { body: paidBack };
      if (!sent.path.endsWith('/refunds/rf_1/account')) return undefined;
      return {
        body: {
          ...paidBack,
          status: 'refunded',
          refunds: [{ ...waiting, state: 'done', needsAccount: false }],
          rev: 6,
        },
      };
    });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.snapshot.session?.refunds?.[0]?.needsAccount).toBe(true);
    expect(await checkout.refundAccount('rf_1', account)).toBe('taken');
    expect(page.requests('POST /payments/sessions/cs_1/refunds/rf_1/account')[0]!.body).toEqual(account);
    expect(checkout.snapshot.session?.status).toBe('refunded');
  });

  it('an account that is refused is asked for again; a lost answer is not a refusal', async () => {
    const replies = [problem(422, 'refund_account_refused'), 'lost', 'lost', 'lost'] as const;
    let asked = 0;
    const { page, checkout, window } = await paying((sent) => {
      if (sent.path === '/payments/verify') return { body: paidBack };
      if (!sent.path.endsWith('/account')) return undefined;
      asked += 1;
      return replies[asked - 1];
    });
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(await checkout.refundAccount('rf_1', account)).toBe('refused');
    const again = checkout.refundAccount('rf_1', account);
    await page.advance(5_000);
    expect(await again).toBe('unavailable');
  });

  it('that begins after the receipt was shown is heard of when the shopper looks again', async () => {
    const { page, checkout, window } = await paying((sent) =>
      sent.method === 'GET' && sent.path === '/payments/sessions/cs_1' ? { body: { ...paidBack, rev: 12 } } : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(checkout.snapshot.session?.refunds).toBeUndefined();
    page.show(false);
    page.show(true);
    page.restore();
    await settled();
    expect(page.requests('GET /payments/sessions/cs_1').filter(({ path }) => !path.includes('?'))).toHaveLength(1);
    expect(checkout.snapshot).toMatchObject({ state: 'success', session: { refunds: [{ needsAccount: true }] } });
    expect(page.requests('GET /payments/sessions/cs_1?after=12&wait=25')).toHaveLength(1);
  });

  it('is heard of while the receipt is on the page', async () => {
    const { page, window } = await paying((sent) =>
      sent.path === '/payments/verify' ? { body: paidBack } : undefined,
    );
    window.end({ outcome: 'returned', hints: {} });
    await settled();
    expect(page.requests('GET /payments/sessions/cs_1?after=5&wait=25')).toHaveLength(1);
  });
});

describe("a session of the merchant's backend", () => {
  const given = { merchant: undefined, product: undefined, session: 'cs_1', clientSecret: 'cs_given' };

  it('is read once and paid', async () => {
    const { page, checkout, provider } = await shown(undefined, given);
    expect(page.sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /payments/sessions/cs_1']);
    checkout.intent();
    await settled();
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('is over when it is over: no other one is made', async () => {
    const { page, checkout } = await shown(
      (sent) => (sent.path.endsWith('/cs_1') ? { body: sessionOf({ status: 'expired' }) } : undefined),
      given,
    );
    expect(checkout.snapshot).toMatchObject({ state: 'failed', outcome: { kind: 'ended', reason: 'sessionExpired' } });
    expect(page.sent).toHaveLength(1);
  });

  it('a wrong secret is a mistake of the site', async () => {
    const { checkout } = await shown(() => problem(401, 'unauthorized'), given);
    expect(checkout.snapshot).toMatchObject({ state: 'error', mistake: { code: 'unauthorized' } });
  });
});
