import type {
  Buyer,
  CreateSession,
  Launch,
  Method,
  OpenedSession,
  PatchSession,
  PrepareAgain,
  PrepareSession,
  ScriptFailure,
  SessionView,
} from '../../contract/index.js';
import { type Api, ApiFailure, pathOf } from './api.js';
import { soundBuyer } from './buyer.js';
import type { Environment } from './environment.js';
import type { Source } from './source.js';
import type { Tab } from './tab.js';

/** What the shopper wants to pay for, and how. */
export interface Wish {
  quantity: number;
  method?: Method;
  buyer: Buyer;
}

interface OrderDeps {
  api: Api;
  tab: Tab;
  source: Source;
  /** Where the window returns to. */
  page: () => string | undefined;
  env: Pick<Environment, 'now' | 'random'>;
}

const marginMs = 10_000;
const minLifeMs = 60_000;

const lost: readonly string[] = ['session_expired', 'session_canceled', 'too_many_attempts'];
/** `crypto.randomUUID` is absent on http, which is what a phone in the LAN sees. */
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const prepared = (wish: Wish) => `${wish.method ?? ''}*${wish.quantity}`;

/**
 * Brings the tab's session, and what opens the provider's window for it, to what the shopper wants: one request after the other, and the
 * last wish wins. Knows nothing of windows.
 */
export class Order {
  #launch: Launch | undefined;
  #launchFor = '';
  #unavailable: Pick<PrepareAgain, 'unavailable'> | undefined;
  #wish: Wish = { quantity: 1, buyer: {} };
  /** Of which session the launch and the saved buyer are. */
  #session = '';
  #savedBuyer = '{}';
  #creation: { body: string; key: string } | undefined;
  #working: Promise<void> | undefined;
  #saving: Promise<void> = Promise.resolve();
  readonly #deps: OrderDeps;

  constructor(deps: OrderDeps) {
    this.#deps = deps;
  }

  /** There when a window can be opened at once, for exactly what is wanted. */
  get launch(): Launch | undefined {
    const { tab } = this.#deps;
    const isCurrent = tab.session?.id === this.#session && !this.#isStale && this.isFor(this.#wish);
    return isCurrent && !this.#working ? this.#launch : undefined;
  }

  /**
   * The session's time to be paid is over, or about to be: by this computer's clock, which may be wrong by hours. That must not make every
   * session look too old.
   */
  get #isStale(): boolean {
    const { tab, env } = this.#deps;
    const { openUntil } = tab.session ?? {};
    return openUntil !== undefined && env.now() > Math.max(Date.parse(openUntil) - marginMs, tab.since + minLifeMs);
  }

  /** Is the launch for that? */
  isFor(wish: Wish): boolean {
    return this.#launchFor === prepared(wish);
  }

  /** What was opened is used up: another window is another attempt. */
  use(): void {
    this.#launch = undefined;
  }

  /** The script of what is there can't be had: another channel's is asked for. */
  avoid(code: ScriptFailure): void {
    const { attempt } = this.#deps.tab.session ?? {};
    this.#unavailable = attempt && { unavailable: { attempt: attempt.no, code } };
    this.#launch = undefined;
  }

  /** Resolves when session and launch are what is wanted; rejects with `ApiFailure`. */
  prepare(wish: Wish): Promise<void> {
    this.#wish = wish;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  /** Typed data, saved as it is, one after the other: a launch that is there stays. Rejects with `ApiFailure`. */
  saveBuyer(buyer: Buyer): Promise<void> {
    const saved = this.#saving.then(async () => {
      await this.#working?.catch(() => undefined);
      const { session, token } = this.#deps.tab;
      if (session && token) await this.#save(session.id, token, buyer);
    });
    this.#saving = saved.catch(() => undefined);
    return saved;
  }

  async #work(): Promise<void> {
    let wish: Wish;
    do {
      wish = this.#wish;
      try {
        await this.#bring(wish);
      } catch (error) {
        // Nothing was under way in it: the shopper need not hear that it grew old.
        const isLost = error instanceof ApiFailure && lost.includes(error.code);
        if (!isLost || this.#deps.source.kind === 'given') throw error;
        this.#forget();
        await this.#bring(wish);
      }
    } while (wish !== this.#wish);
  }

  async #bring(wish: Wish): Promise<void> {
    const { tab, source } = this.#deps;
    // A return token may look, not pay.
    if (tab.token?.startsWith('rt_') || (source.kind === 'catalogue' && this.#isStale)) this.#forget();
    if (!tab.session || !tab.token) return this.#open(wish);
    const { token } = tab;
    const { id, lines } = tab.session;
    if (id !== this.#session) this.#begin(id);
    if (source.kind === 'catalogue' && lines[0] && lines[0].quantity !== wish.quantity) {
      this.#launch = undefined;
      await this.#patch(id, token, { quantity: wish.quantity });
    }
    await this.#save(id, token, wish.buyer);
    if (this.#launch && this.isFor(wish)) return;
    const body: PrepareAgain = { ...this.#preparation(wish), ...this.#unavailable };
    this.#unavailable = undefined;
    const answer = await this.#deps.api.call<OpenedSession>({
      method: 'POST',
      path: `${pathOf(id)}/prepare`,
      token,
      body,
    });
    const { launch, ...session } = answer.body;
    tab.take(session);
    this.#launch = launch;
    this.#launchFor = prepared(wish);
  }

  async #open(wish: Wish): Promise<void> {
    const { api, tab, source } = this.#deps;
    if (source.kind === 'catalogue') return this.#create(source, wish);
    tab.reset(await api.read(source.session, source.secret), source.secret);
    await this.#bring(wish);
  }

  async #create(source: Extract<Source, { kind: 'catalogue' }>, wish: Wish): Promise<void> {
    const { api, tab, env } = this.#deps;
    const buyer = soundBuyer(wish.buyer);
    const body: CreateSession = {
      items: [{ item: source.product, quantity: wish.quantity }],
      locale: source.locale,
      ...(Object.keys(buyer).length > 0 && { buyer }),
      ...(source.customerToken && { customerToken: source.customerToken }),
    };
    // The same order again, after an answer that was lost, is the same session; another order needs another key.
    const text = JSON.stringify(body);
    if (this.#creation?.body !== text) this.#creation = { body: text, key: hex(env.random()) };
    const answer = await api.call<OpenedSession>({
      method: 'POST',
      path: '/payments/sessions',
      token: source.merchant,
      body: { ...body, prepare: this.#preparation(wish) },
      key: this.#creation.key,
      repeats: 2,
    });
    const { launch, clientSecret, ...session } = answer.body;
    tab.reset(session, clientSecret);
    this.#begin(session.id);
    this.#savedBuyer = JSON.stringify(buyer);
    this.#launch = launch;
    this.#launchFor = prepared(wish);
    if (!launch) await this.#bring(wish);
  }

  #forget(): void {
    this.#deps.tab.reset();
    this.#creation = undefined;
  }

  #begin(session: string): void {
    this.#session = session;
    this.#launch = undefined;
    this.#savedBuyer = '{}';
  }

  async #save(id: string, token: string, typed: Buyer): Promise<void> {
    const buyer = soundBuyer(typed);
    const text = JSON.stringify(buyer);
    if (text === this.#savedBuyer || text === '{}') return;
    await this.#patch(id, token, { buyer });
    this.#savedBuyer = text;
  }

  async #patch(id: string, token: string, body: PatchSession): Promise<void> {
    // The same values twice do no harm, and the page may leave for the provider's meanwhile.
    const safely = { keepalive: true, repeats: 2 };
    const answer = await this.#deps.api.call<SessionView>({
      method: 'PATCH',
      path: pathOf(id),
      token,
      body,
      ...safely,
    });
    this.#deps.tab.take(answer.body);
  }

  #preparation({ method }: Wish): PrepareSession {
    const returnUrl = this.#deps.page();
    return { ...(method && { method }), ...(returnUrl && { returnUrl }) };
  }
}
