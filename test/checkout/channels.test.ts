import { afterEach, describe, expect, it } from 'vitest';
import type { Launch } from '../../contract/index.js';
import {
  createPage,
  createShopper,
  item,
  launchOf,
  leavePage,
  problem,
  type Sent,
  sessionOf,
  settled,
  shopServer,
} from './page.js';

afterEach(leavePage);

/** Two channels have the method: Toss first, PortOne second. */
const portOne = { provider: 'portone-v2', kind: 'window', script: 'https://js.example/portone', request: {} } as Launch;
const toss = launchOf();
const attempt = (no: number, provider: 'toss' | 'portone-v2') =>
  ({ no, orderId: `pay_1_${no}`, provider, method: 'card', state: 'prepared' }) as const;

/** As the server does it: what a page could not load is replaced for the session. */
function twoChannels(special: (sent: Sent) => ReturnType<typeof problem> | 'lost' | undefined = () => undefined) {
  const avoided = new Set<string>();
  return shopServer((sent) => {
    const own = special(sent);
    if (own || !sent.path.endsWith('/prepare')) return own;
    if (sent.body.unavailable) avoided.add(sent.body.unavailable.attempt === 1 ? 'toss' : 'portone-v2');
    const isToss = avoided.size !== 1 || avoided.has('portone-v2');
    const launched = isToss
      ? { provider: 'toss', launch: toss, no: 1 }
      : { provider: 'portone-v2', launch: portOne, no: 2 };
    const made = attempt(launched.no, launched.provider as 'toss');
    return { body: { ...sessionOf({ rev: 2, attempt: made }), launch: launched.launch } };
  });
}

async function shown(answering = twoChannels()) {
  const page = createPage();
  page.answer(answering);
  const shopper = createShopper(page);
  shopper.checkout.start();
  await settled();
  return { page, ...shopper };
}

const reports = (page: ReturnType<typeof createPage>) =>
  page.requests('POST /payments/sessions/cs_1/prepare').map(({ body }) => body.unavailable);

describe('a provider’s script that this page can’t load', () => {
  it('is told to the server, and the other provider’s window opens with the same click', async () => {
    const { page, checkout, provider } = await shown();
    provider.state.blocked.add(toss.script);
    checkout.submit();
    await settled();
    expect(reports(page)).toEqual([{ attempt: 1, code: 'script_blocked' }]);
    expect(checkout.state).toBe('paying');
    expect(provider.windows.map(({ launch }) => launch.provider)).toEqual(['portone-v2']);
    expect(page.requests('POST /payments/sessions/cs_1/launched')[0]?.body).toEqual({ attempt: 2 });
  });

  it('is found out before the click, where the shopper shows that they mean it', async () => {
    const { checkout, provider } = await shown();
    provider.state.blocked.add(toss.script);
    checkout.intent();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', ready: true });
    expect(checkout.snapshot.notice).toBeUndefined();
    checkout.submit();
    expect(provider.windows).toHaveLength(1);
  });

  it('is told to the shopper where no other channel has the method; each press asks once more', async () => {
    const { page, checkout, provider } = await shown(shopServer());
    provider.state.blocked.add(toss.script);
    checkout.submit();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { obstacle: 'script_blocked' } });
    expect(reports(page)).toEqual([{ attempt: 1, code: 'script_blocked' }]);
    provider.state.blocked.clear();
    checkout.submit();
    await settled();
    expect(checkout.state).toBe('paying');
    expect(reports(page)).toHaveLength(1);
  });

  it('nor any other: each is tried once, and the shopper hears why', async () => {
    const { page, checkout, provider } = await shown();
    provider.state.blocked.add(toss.script).add(portOne.script);
    checkout.submit();
    await settled();
    expect(reports(page)).toEqual([
      { attempt: 1, code: 'script_blocked' },
      { attempt: 2, code: 'script_blocked' },
    ]);
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { obstacle: 'script_blocked' } });
    expect(provider.windows).toHaveLength(0);
  });

  it.each([
    ['no answer', 'lost' as const],
    ['nothing to open', problem(502, 'provider_misconfigured')],
  ])('and the server has %s: what the shopper hears is still the script', async (_what, answer) => {
    const { checkout, provider } = await shown(
      twoChannels(({ path, body }) => (path.endsWith('/prepare') && body.unavailable ? answer : undefined)),
    );
    provider.state.blocked.add(toss.script);
    checkout.submit();
    await settled();
    expect(checkout.snapshot).toMatchObject({ state: 'form', notice: { obstacle: 'script_blocked' } });
  });

  it('of a session that is over: the next one is made without a word of it', async () => {
    const { page, checkout, provider } = await shown(
      twoChannels(({ path }) => (path.endsWith('/prepare') ? problem(409, 'session_expired') : undefined)),
    );
    provider.state.blocked.add(toss.script);
    checkout.submit();
    await settled();
    const made = page.requests('POST /payments/sessions').filter(({ path }) => path === '/payments/sessions');
    expect(made).toHaveLength(2);
    expect(made.map(({ body }) => body.prepare.unavailable)).toEqual([undefined, undefined]);
    expect(checkout.snapshot.notice).toMatchObject({ obstacle: 'script_blocked' });
  });

  it('is not told where it is the merchant’s keys that are wrong, or the browser that keeps the window shut', async () => {
    for (const why of ['misconfigured', 'window_blocked'] as const) {
      const { page, checkout, provider } = await shown();
      provider.state.failure = { outcome: 'unavailable', why, code: 'no' };
      checkout.submit();
      await settled();
      expect(reports(page)).toEqual([]);
    }
  });
});

describe('methods that are chosen in the provider’s own widget', () => {
  const inside = { ...item, choosesInside: true as const };
  const catalogue = (body: object) => shopServer(({ path }) => (path.startsWith('/catalog/') ? { body } : undefined));

  it('are not shown by us before the first touch either', async () => {
    const { seen } = await shown(catalogue(inside));
    expect(
      seen.filter(({ state, item: known }) => state === 'form' && known).map(({ controls }) => controls),
    ).not.toContain('ours');
    const { checkout } = await shown(catalogue(item));
    expect(checkout.snapshot.controls).toBe('ours');
  });

  it('are ours after all where another channel opens', async () => {
    const { checkout, provider } = await shown(catalogue(inside));
    checkout.submit();
    await settled();
    expect(checkout.snapshot).toMatchObject({ controls: 'ours', state: 'paying' });
    expect(provider.windows).toHaveLength(1);
  });

  it('that are only now drawn are seen before they are paid with', async () => {
    const widget = launchOf({ kind: 'widget' });
    const { checkout, provider } = await shown(
      shopServer(({ path }) =>
        path.startsWith('/catalog/')
          ? { body: inside }
          : path === '/payments/sessions'
            ? { status: 201, body: { ...sessionOf(), clientSecret: 'cs_secret', launch: widget } }
            : undefined,
      ),
    );
    expect(checkout.snapshot).toMatchObject({ controls: 'widget', mounted: false });
    checkout.submit();
    await settled();
    expect(provider.windows).toHaveLength(0);
    expect(checkout.snapshot).toMatchObject({ state: 'form', mounted: true, ready: true });
  });
});
