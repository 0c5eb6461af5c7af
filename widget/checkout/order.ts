import type {
  Buyer,
  CreateSession,
  Launch,
  Locale,
  Method,
  PrepareSession,
  SessionView,
} from '../../contract/index.js';
import { type Api, ApiFailure } from './api.js';
import { soundBuyer } from './buyer.js';

/** What the shopper wants to pay for, and how. */
export interface Wish {
  quantity: number;
  method?: Method;
  buyer: Buyer;
}

/** How a session comes to be: made by this page from the catalogue, or given by the merchant's backend. */
export type Source =
  | { kind: 'catalogue'; merchant: string; product: string; locale: Locale; customerToken?: string }
  | { kind: 'given'; session: string; secret: string };

interface OrderDeps {
  api: Api;
  source: Source;
  /** Where the window returns to. */
  page: () => string | undefined;
  /** A key of 128 random bits. */
  random: () => string;
  now: () => number;
}

const lost: readonly string[] = ['session_expired', 'session_canceled', 'too_many_attempts'];
const marginMs = 10_000;
const minLifeMs = 60_000;
const prepared = (wish: Wish) => `${wish.method ?? ''}*${wish.quantity}`;

/**
 * One session, and what opens the provider's window for it. Brings both to what the shopper wants, one request after the other; the last
 * wish wins. Knows nothing of windows.
 */
export class Order {
  session: SessionView | undefined;
  /** Opens the session: the client secret, or after a redirect into another browser only a return token. */
  token: string | undefined;
  #launch: Launch | undefined;
  #launchFor = '';
  #wish: Wish = { quantity: 1, buyer: {} };
  #savedBuyer = '{}';
  #creation: { body: string; key: string } | undefined;
  #working: Promise<void> | undefined;
  #goodUntil = 0;
  readonly #deps: OrderDeps;

  constructor(deps: OrderDeps) {
    this.#deps = deps;
    if (deps.source.kind === 'given') this.token = deps.source.secret;
  }

  /** There when a window can be opened at once, for exactly what is wanted. */
  get launch(): Launch | undefined {
    return this.#working || this.isStale || this.#launchFor !== prepared(this.#wish) ? undefined : this.#launch;
  }

  /** Its time to be paid is over, or about to be. */
  get isStale(): boolean {
    return this.session !== undefined && this.#deps.now() > this.#goodUntil;
  }

  /** After a redirect into another browser: it may be looked at, not paid. */
  get isReadOnly(): boolean {
    return this.token?.startsWith('rt_') === true;
  }

  /** May the page change what is bought? */
  get isOurs(): boolean {
    return this.#deps.source.kind === 'catalogue';
  }

  /** Old news lowers nothing. */
  take(session: SessionView): void {
    if (session.id === this.session?.id && session.rev < this.session.rev) return;
    if (session.id !== this.session?.id) this.#goodUntil = this.#lifeOf(session);
    this.session = session;
  }

  /** By this computer's clock, which may be wrong by hours: that must not make every session look too old. */
  #lifeOf({ openUntil }: SessionView): number {
    const now = this.#deps.now();
    return openUntil === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(Date.parse(openUntil) - marginMs, now + minLifeMs);
  }

  /** Another payment took this one's place, or was found again. */
  reset(session?: SessionView, token?: string): void {
    this.session = undefined;
    if (session) this.take(session);
    this.token = token ?? (this.#deps.source.kind === 'given' ? this.#deps.source.secret : undefined);
    this.#launch = undefined;
    this.#creation = undefined;
    this.#savedBuyer = '{}';
  }

  /** What was opened is used up: another window is another attempt. */
  use(): void {
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

  /** Typed data, saved as it is: a launch that is there stays. Rejects with `ApiFailure`. */
  async saveBuyer(buyer: Buyer): Promise<void> {
    await this.#working?.catch(() => undefined);
    if (this.session && this.token) await this.#save(this.session.id, this.token, buyer);
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
        this.reset();
        await this.#bring(wish);
      }
    } while (wish !== this.#wish);
  }

  async #bring(wish: Wish): Promise<void> {
    if (this.isReadOnly || (this.isOurs && this.isStale)) this.reset();
    if (!this.session || !this.token) return this.#create(wish);
    const { id } = this.session;
    const { token } = this;
    const [line] = this.session.lines;
    if (this.#deps.source.kind === 'catalogue' && line && line.quantity !== wish.quantity) {
      this.#launch = undefined;
      this.take(await this.#deps.api.patch(id, token, { quantity: wish.quantity }));
    }
    await this.#save(id, token, wish.buyer);
    if (this.#launch && this.#launchFor === prepared(wish)) return;
    const { launch, ...session } = await this.#deps.api.prepare(id, token, this.#preparation(wish));
    this.take(session);
    this.#launch = launch;
    this.#launchFor = prepared(wish);
  }

  async #create(wish: Wish): Promise<void> {
    const { api, source, random } = this.#deps;
    if (source.kind === 'given') return this.#open(source.session, source.secret, wish);
    const buyer = soundBuyer(wish.buyer);
    const body: CreateSession = {
      items: [{ item: source.product, quantity: wish.quantity }],
      locale: source.locale,
      ...(Object.keys(buyer).length > 0 && { buyer }),
      ...(source.customerToken && { customerToken: source.customerToken }),
    };
    // The same order again, after an answer that was lost, is the same session; another order needs another key.
    const text = JSON.stringify(body);
    if (this.#creation?.body !== text) this.#creation = { body: text, key: random() };
    const request = { ...body, prepare: this.#preparation(wish) };
    const { launch, clientSecret, ...session } = await api.create(source.merchant, request, this.#creation.key);
    this.reset(session, clientSecret);
    this.#savedBuyer = JSON.stringify(buyer);
    this.#launch = launch;
    this.#launchFor = prepared(wish);
    if (!launch) await this.#bring(wish);
  }

  async #open(session: string, secret: string, wish: Wish): Promise<void> {
    this.reset(await this.#deps.api.read(session, secret), secret);
    await this.#bring(wish);
  }

  async #save(id: string, token: string, typed: Buyer): Promise<void> {
    const buyer = soundBuyer(typed);
    const text = JSON.stringify(buyer);
    if (text === this.#savedBuyer || text === '{}') return;
    this.take(await this.#deps.api.patch(id, token, { buyer }));
    this.#savedBuyer = text;
  }

  #preparation({ method }: Wish): PrepareSession {
    const returnUrl = this.#deps.page();
    return { ...(method && { method }), ...(returnUrl && { returnUrl }) };
  }
}
