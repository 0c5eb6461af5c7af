import type { CatalogueView, Launch, OpenedSession, SessionView, TossLaunch } from '../../contract/index.js';
import { Checkout } from '../../widget/checkout/checkout.js';
// The parts that come later are there at once, so that no test waits for a file.
import '../../widget/checkout/inquirer.js';
import '../../widget/checkout/till.js';
import type { Environment } from '../../widget/checkout/environment.js';
import type { Plan } from '../../widget/checkout/plan.js';
import type { Snapshot } from '../../widget/checkout/snapshot.js';
import type {
  Launcher,
  LaunchResult,
  MountHandlers,
  MountPlaces,
  OpenContext,
  Unavailable,
} from '../../widget/providers/launcher.js';

export interface Sent {
  method: string;
  path: string;
  token: string | undefined;
  headers: Headers;
  body: any;
  keepalive: boolean | undefined;
}

export type Answer = { status?: number; body?: unknown; retryAfter?: number; html?: string };
/** `'lost'`: no answer. A function decides for each request; a promise is an answer that comes later. */
export type Reply = Answer | 'lost';
export type Answering = (sent: Sent) => Reply | Promise<Reply>;

export const problem = (status: number, code: string, retryAfter?: number): Answer => ({
  status,
  body: { type: '', title: '', status, code, detail: `about ${code}` },
  ...(retryAfter !== undefined && { retryAfter }),
});

/** Lets everything run that waits for nothing but the event loop. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
}

/** A page without a browser: its clock, its network and its address are moved by hand. */
export function createPage({ address = 'https://shop.example/item?id=7', userAgent = 'Chrome' } = {}) {
  let now = Date.UTC(2026, 2, 2, 3, 0, 0);
  let online = true;
  let visible = true;
  let clickLives = true;
  let entry: Record<string, unknown> = {};
  let answering: Answering = () => 'lost';
  const timers = new Set<{ at: number; run: () => void }>();
  const watchers = new Set<(change: 'online' | 'visible' | 'restored') => void>();
  const kept = new Map<string, string>();
  const sent: Sent[] = [];
  let randoms = 0;
  const location = { href: address };

  const env: Environment = {
    async fetch(url, { method = 'GET', headers, body, keepalive, signal }) {
      const given = new Headers(headers);
      const request: Sent = {
        method,
        path: url.replace('https://pay.example/api/v1', ''),
        token: given.get('authorization')?.replace('Bearer ', ''),
        headers: given,
        body: typeof body === 'string' ? JSON.parse(body) : undefined,
        keepalive,
      };
      sent.push(request);
      const aborted = new Promise<never>((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
      aborted.catch(() => undefined);
      if (!online) throw new TypeError('Failed to fetch');
      const reply = await Promise.race([answering(request), aborted]);
      if (reply === 'lost') throw new TypeError('Failed to fetch');
      const { status = 200, retryAfter, html } = reply;
      const replyHeaders = { ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
      const text = html ?? JSON.stringify(reply.body ?? {});
      return new Response(status === 204 ? null : text, { status, headers: replyHeaders });
    },
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random() {
      randoms += 1;
      return new Uint8Array(16).fill(randoms, 15);
    },
    storage: {
      get: (key) => kept.get(key),
      set: (key, value) => void kept.set(key, value),
    },
    isOnline: () => online,
    isVisible: () => visible,
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    mayOpen: () => clickLives,
    address: () => location.href,
    entry: {
      read: (key) => entry[key],
      write(key, value, next) {
        const { [key]: _before, ...others } = entry;
        entry = value === undefined ? others : { ...others, [key]: structuredClone(value) };
        location.href = next ?? location.href;
      },
    },
    userAgent,
  };

  const tell = (change: 'online' | 'visible' | 'restored') => {
    for (const watcher of [...watchers]) watcher(change);
  };

  return {
    env,
    sent,
    location,
    kept,
    /** Requests to a path, as `POST /payments/verify`. */
    requests: (what: string) => sent.filter(({ method, path }) => `${method} ${path}`.startsWith(what)),
    answer(next: Answering) {
      answering = next;
    },
    async advance(ms: number) {
      const until = now + ms;
      for (;;) {
        await settled();
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = due.at;
        due.run();
      }
      now = until;
      await settled();
    },
    goOnline(is: boolean) {
      online = is;
      tell('online');
    },
    show(is: boolean) {
      visible = is;
      tell('visible');
    },
    restore: () => tell('restored'),
    forgetClick() {
      clickLives = false;
    },
    /** The same tab after a reload, or on its way back to this address: history and storage stay. */
    get entry() {
      return entry;
    },
  };
}
export type Page = ReturnType<typeof createPage>;

export const item: CatalogueView = {
  id: 'coffee',
  kind: 'product',
  name: { ko: '드립백 커피', en: 'Coffee' },
  price: 4_500,
  currency: 'KRW',
  minQuantity: 1,
  maxQuantity: 5,
  methods: ['card', 'kakaopay', 'virtual_account'],
  locales: ['ko', 'en'],
  merchant: { name: { ko: '블로그' } },
};

export const sessionOf = (more: Partial<SessionView> = {}): SessionView => ({
  id: 'cs_1',
  payment: 'pay_1',
  mode: 'payment',
  status: 'open',
  processing: false,
  amount: 4_500,
  currency: 'KRW',
  refundedAmount: 0,
  orderName: '드립백 커피',
  lines: [{ item: 'coffee', name: item.name, quantity: 1, price: 4_500 }],
  locale: 'ko',
  merchant: item.merchant,
  methods: item.methods,
  openUntil: '2026-03-02T03:30:00.000Z',
  attempt: { no: 1, orderId: 'pay_1_1', provider: 'toss', method: 'card', state: 'prepared' },
  rev: 1,
  ...more,
});

export const launchOf = (more: Partial<TossLaunch> = {}): TossLaunch => ({
  provider: 'toss',
  kind: 'window',
  script: 'https://js.example/v2',
  clientKey: 'test_ck',
  customerKey: 'c-1',
  amount: { currency: 'KRW', value: 4_500 },
  request: { orderId: 'pay_1_1', orderName: '드립백 커피' },
  ...more,
});

export const opened = (more: Partial<SessionView> = {}, launch: Launch = launchOf()): OpenedSession => ({
  ...sessionOf(more),
  clientSecret: 'cs_secret',
  launch,
});

/** A server that makes one session and takes every payment. What a test wants otherwise, it says by `Answering` of its own. */
export function shopServer(special: (sent: Sent) => Reply | Promise<Reply> | undefined = () => undefined): Answering {
  return (sent) => {
    const own = special(sent);
    if (own) return own;
    const what = `${sent.method} ${sent.path}`;
    if (what.startsWith('GET /catalog/')) return { body: item };
    if (what === 'POST /payments/sessions') {
      const { quantity } = sent.body.items[0];
      const lines = [{ item: 'coffee', name: item.name, quantity, price: 4_500 }];
      return { status: 201, body: opened({ amount: 4_500 * quantity, lines }) };
    }
    if (what.endsWith('/prepare')) return { body: { ...sessionOf({ rev: 2 }), launch: launchOf() } };
    if (what.endsWith('/launched')) return { status: 204 };
    if (what === 'POST /payments/verify') return { body: sessionOf({ status: 'paid', rev: 9 }) };
    if (what.startsWith('PATCH')) {
      const { quantity = 1 } = sent.body;
      const lines = [{ item: 'coffee', name: item.name, quantity, price: 4_500 }];
      return { body: sessionOf({ amount: 4_500 * quantity, lines, rev: 3 }) };
    }
    // The long poll: nothing new, after its time.
    if (what.includes('wait=25')) return new Promise(() => undefined);
    return { body: sessionOf() };
  };
}

/** A provider whose window is opened, and closed by the test. */
export function createLauncher() {
  const windows: { launch: Launch; context: OpenContext; end: (result: LaunchResult) => void }[] = [];
  const mounts: {
    launch: Launch;
    handlers: MountHandlers;
    updates: Launch[];
    unmounted: boolean;
    hear: { until?: Promise<void> };
  }[] = [];
  const state = {
    ready: true,
    failure: undefined as Unavailable | undefined,
    loads: 0,
    /** Scripts that an ad blocker keeps away, by URL. */
    blocked: new Set<string>(),
  };
  const blocked = { outcome: 'unavailable', why: 'script_blocked', code: 'not_loaded' } as const;
  const open = (launch: Launch, context: OpenContext) =>
    new Promise<LaunchResult>((end) => void windows.push({ launch, context, end }));
  const launcher: Launcher = {
    async preload({ script }) {
      state.loads += 1;
      return state.blocked.has(script) ? blocked : state.failure;
    },
    isReady: ({ script }) => state.ready && !state.failure && state.loads > 0 && !state.blocked.has(script),
    open,
    async mount(launch, _places, handlers) {
      const mount = {
        launch,
        handlers,
        updates: [] as Launch[],
        unmounted: false,
        hear: {} as { until?: Promise<void> },
      };
      mounts.push(mount);
      return {
        ...(launch.kind === 'widget' && { open }),
        async update(next) {
          mount.updates.push(next);
          await mount.hear.until;
          return undefined;
        },
        unmount() {
          mount.unmounted = true;
        },
      };
    },
  };
  return { launcher, windows, mounts, state };
}

export const plan: Plan = {
  server: 'https://pay.example',
  merchant: 'pk_1',
  product: 'coffee',
  quantity: 1,
  locale: 'ko',
  buyer: {},
  collect: [],
};

const shoppers: Checkout[] = [];

/** Between tests: the names of checkouts are those of one page. */
export function leavePage(): void {
  for (const checkout of shoppers.splice(0)) checkout.stop();
}

const anywhere = (): MountPlaces => ({ methods: {} as HTMLElement, agreement: {} as HTMLElement });

export function createShopper(
  page: Page,
  more: Partial<Plan> = {},
  places: () => MountPlaces | Promise<MountPlaces> = anywhere,
) {
  const provider = createLauncher();
  const checkout = new Checkout(
    { ...plan, ...more },
    {
      env: page.env,
      loadLauncher: async () => provider.launcher,
      places,
    },
  );
  shoppers.push(checkout);
  const seen: Snapshot[] = [];
  checkout.subscribe((snapshot) => seen.push(snapshot));
  return {
    checkout,
    provider,
    seen,
    /** The states it went through, each once. */
    states: () => seen.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]),
  };
}
