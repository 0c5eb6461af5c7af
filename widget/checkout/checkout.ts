import type { Buyer, Method, SessionView } from '../../contract/index.js';
import { prefersRedirect } from '../providers/browser.js';
import type { Hints, LauncherOf, LaunchResult, MountPlaces, Unavailable } from '../providers/launcher.js';
import { type Alarm, createAlarm } from './alarm.js';
import { type Api, ApiFailure, createApi } from './api.js';
import { Basket } from './basket.js';
import type { Environment } from './environment.js';
import { follow, inquire, verifyBody } from './inquiry.js';
import { busy, type Happening, next, type State } from './machine.js';
import { Order } from './order.js';
import { type Outcome, obstacleOf, outcomeOf, remedyOf, type Told } from './outcomes.js';
import { identityOf, keyParts, type Mistake, type Plan, sourceOf } from './plan.js';
import { ProviderSide } from './provider-side.js';
import {
  checkoutKey,
  claimKey,
  forget,
  type Resumable,
  remember,
  resumeOf,
  returnPage,
  secretOf,
  takeReturn,
} from './resume.js';
import type { Notice, Snapshot } from './snapshot.js';

export interface CheckoutDeps {
  env: Environment;
  loadLauncher: LauncherOf;
  /** Elements of the document for a provider's own controls; asked for only where there are any. */
  places?: () => MountPlaces;
}

/** A click that waits longer than this for its window needs another one. */
const patienceMs = 1_000;
const slowMs = 6_000;

/** Which happening an outcome is; one that is still open is none. */
const happeningOf = {
  paid: 'paid',
  pending: 'issued',
  declined: 'declined',
  canceled: 'closed',
  ended: 'ended',
} as const;

/**
 * One checkout, from the first look to the receipt, without a view. Listeners hear of every change in the same task, *before* the
 * provider's window opens: a modal has to leave the top layer by then.
 */
export class Checkout {
  /** What the page asks for now; the basket's plan is the one that is shown. */
  #plan: Plan;
  #identity = '';
  #state: State = 'loading';
  #api: Api | undefined;
  #order: Order | undefined;
  #notice: Notice | undefined;
  #outcome: Outcome | undefined;
  #mistake: Mistake | undefined;
  #resumed = false;
  #slow = false;
  #pressAgain = false;
  #preparing: Promise<void> | undefined;
  #key: ReturnType<typeof claimKey> | undefined;
  /** Counts orders: what belongs to an earlier one is not heard any more. */
  #run = 0;
  #unfollow: (() => void) | undefined;
  #unwatch: (() => void) | undefined;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #basket: Basket;
  readonly #env: Environment;
  readonly #alarm: Alarm;
  readonly #provider: ProviderSide;

  constructor(plan: Plan, { env, loadLauncher, places }: CheckoutDeps) {
    this.#plan = plan;
    this.#basket = new Basket(plan);
    this.#env = env;
    this.#alarm = createAlarm(env);
    const handlers = {
      onReady: (ready: boolean) => this.#say(ready && this.#notice?.kind === 'agreement' ? undefined : this.#notice),
      onOpening: () => this.#opened(),
      onResult: (result: LaunchResult) => void this.#onResult(result, this.#run),
    };
    this.#provider = new ProviderSide({ loadLauncher, places, handlers });
  }

  /** Hears every snapshot from now on; the answer ends it. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins, or goes on after `stop`. */
  start(): void {
    if (this.#unwatch) return;
    this.#unwatch = this.#env.watch((change) => this.#onChange(change));
    this.#claim();
    if (this.#identity !== identityOf(this.#plan)) this.#turn();
    else if (this.#order?.launch && !this.ready) void this.#prepare();
    this.#tell();
  }

  /** Nobody looks any more. A payment under way goes on; only the waiting for news ends. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (!busy(this.#state)) this.#provider.unmount();
    this.#release();
    this.#tell();
  }

  /** The page asks for something else. Another order waits until no money can be moving. */
  update(plan: Plan): void {
    const before = this.#plan;
    this.#plan = plan;
    if (!this.#unwatch) return;
    if (identityOf(plan) !== this.#identity) {
      this.#turn();
      return;
    }
    this.#basket.plan = plan;
    if (plan.quantity !== before.quantity) this.setQuantity(plan.quantity);
    if (plan.method && plan.method !== before.method) this.choose(plan.method);
    this.#tell();
  }

  /** The shopper means it: a focus, a pointer, an opened modal. Makes the session and fetches the provider's script. Repeat it freely. */
  intent(): void {
    if (this.#state !== 'form' || this.#preparing || this.ready || this.#notice?.kind === 'obstacle') return;
    void this.#prepare();
  }

  choose(method: Method): void {
    if (busy(this.#state) || !this.#basket.methods(this.#session).includes(method)) return;
    this.#basket.choose(method);
    this.#pressAgain = false;
    // The other provider's own button must not be pressed for this method.
    if (this.#provider.controls === 'ui') this.#provider.unmount();
    this.#say();
    if (this.#is('form')) void this.#prepare();
  }

  setQuantity(quantity: number): void {
    const before = this.#basket.quantity;
    if (busy(this.#state)) return;
    this.#basket.quantity = quantity;
    if (this.#basket.quantity === before) return;
    this.#pressAgain = false;
    this.#say();
    if (this.#session && this.#is('form')) void this.#prepare();
  }

  /** As it is typed. */
  setBuyer(typed: Buyer): void {
    this.#basket.type(typed);
    this.#tell();
  }

  /** On blur. What fails is sent again with the next request. */
  saveBuyer(): void {
    this.#order?.saveBuyer(this.#basket.buyer(this.#session)).catch(() => undefined);
  }

  /**
   * The pay button. To be called inside the click. When all is ready the provider is called before this returns; else it waits up to a
   * second, and asks for another click if the browser forgot this one.
   */
  submit(): void {
    if (this.#state !== 'form') return;
    if (!this.#env.isOnline()) {
      this.#say({ kind: 'obstacle', obstacle: 'offline' });
      return;
    }
    if (!this.#provider.isAgreed) {
      this.#say({ kind: 'agreement' });
      return;
    }
    this.#notice = undefined;
    if (this.ready) this.#open();
    else void this.#openSoon();
  }

  /** After a decline, a cancellation, a mistake that was mended, or for another way than an account: once more. */
  again(): void {
    if (this.#outcome?.kind === 'ended' || this.#state === 'error') {
      this.refresh();
      return;
    }
    this.#notice = undefined;
    this.#go('again');
    if (this.#state === 'form') void this.#prepare();
  }

  /** Looks how it stands; what is over begins anew. */
  refresh(): void {
    if (busy(this.#state) || this.#state === 'pending') void this.check();
    else if (this.#state === 'loading') void this.#show();
    else this.#begin();
  }

  /** The shopper goes on elsewhere: on the way back this page begins anew. */
  forget(): void {
    if (this.#key) forget(this.#env, this.#key.key);
  }

  /** Asks the server now, for shoppers who know that they paid, or whose window is gone. */
  async check(): Promise<void> {
    const { state } = this;
    if (state === 'verifying') return this.#alarm.wake();
    await this.#verify({}, {});
    if (state === 'pending' && this.state === 'pending') this.#say({ kind: 'depositNotYet' });
  }

  get state(): State {
    return this.#state;
  }

  /** Pressing the pay button opens the window in the same task. */
  get ready(): boolean {
    const launch = this.#order?.launch;
    return launch !== undefined && this.#provider.isReady(launch);
  }

  get snapshot(): Snapshot {
    const session = this.#session;
    const basket = this.#basket;
    const { item, quantity } = basket;
    const { launch } = this.#order ?? {};
    const drawn = this.#provider.controls;
    const method = basket.method(session);
    return {
      state: this.#state,
      ready: this.ready,
      preparing: this.#preparing !== undefined,
      pressAgain: this.#pressAgain && this.ready,
      online: this.#env.isOnline(),
      slow: this.#slow,
      ...basket.price(session, this.#state === 'form' || this.#state === 'opening'),
      quantity,
      minQuantity: item?.minQuantity ?? 1,
      maxQuantity: item?.maxQuantity ?? 1,
      methods: basket.methods(session),
      controls: drawn ?? (launch && launch.kind !== 'window' ? launch.kind : 'ours'),
      mounted: drawn !== undefined,
      buyer: basket.buyer(session),
      resumed: this.#resumed,
      ...(item && { item }),
      ...(session && { session }),
      ...(method && { method }),
      ...(this.#notice && { notice: this.#notice }),
      ...(this.#outcome && { outcome: this.#outcome }),
      ...(this.#mistake && { mistake: this.#mistake }),
    };
  }

  // Showing

  /** Drops the order that was shown, and shows what the plan asks for. */
  #begin(): void {
    this.forget();
    this.#go(this.#state === 'error' ? 'again' : 'changed');
    this.#load();
  }

  /** The plan is about another order: now, or as soon as no money can be moving. */
  #turn(): void {
    if (this.#state === 'loading') this.#load();
    else if (next(this.#state, 'changed') === 'loading') this.#begin();
  }

  #load(): void {
    const plan = this.#plan;
    this.#run += 1;
    this.#identity = identityOf(plan);
    this.#provider.unmount();
    this.#basket.restart(plan);
    this.#order = undefined;
    this.#outcome = undefined;
    this.#mistake = undefined;
    this.#notice = undefined;
    this.#preparing = undefined;
    this.#resumed = false;
    this.#pressAgain = false;
    const source = sourceOf(plan);
    if ('code' in source) {
      this.#blame(source);
      return;
    }
    this.#release();
    this.#claim();
    const env = this.#env;
    takeReturn(env);
    this.#api = createApi(env, plan.server);
    this.#order = new Order({
      api: this.#api,
      source,
      page: () => this.#key && returnPage(env, this.#key.key),
      random: env.random,
      now: env.now,
    });
    void this.#show();
  }

  /** Which checkout of the page this is; another may have the place while this one is off the page. */
  #claim(): void {
    if (this.#identity) this.#key ??= claimKey(checkoutKey(...keyParts(this.#basket.plan)));
  }

  #release(): void {
    this.#key?.release();
    this.#key = undefined;
  }

  async #show(): Promise<void> {
    const run = this.#run;
    const resumable = this.#key && resumeOf(this.#env, this.#key.key, this.#plan.session);
    this.#say();
    try {
      if (resumable) await this.#resume(resumable);
      else if (this.#plan.session) await this.#read(this.#plan.session);
      if (this.#order?.isOurs && this.#outcome?.kind !== 'paid') await this.#fetchItem();
      if (run === this.#run) this.#go('shown');
    } catch (error) {
      if (run === this.#run) this.#fail(error);
    }
  }

  async #resume({ session, token, hints = {}, told = {} }: Resumable): Promise<void> {
    const order = this.#order;
    if (!order) return;
    this.#resumed = true;
    const given = this.#plan.session === session ? this.#plan.clientSecret : undefined;
    order.token = secretOf(this.#env, session) ?? given ?? token;
    await this.#verify(hints, told, session);
    const { lines, attempt } = order.session ?? {};
    this.#basket.quantity = lines?.[0]?.quantity ?? this.#basket.quantity;
    this.#basket.choose(attempt?.method);
    if (this.#is('form')) this.#say({ kind: 'unfinished' });
  }

  async #read(session: string): Promise<void> {
    const run = this.#run;
    const { clientSecret = '' } = this.#plan;
    const found = await this.#api?.read(session, clientSecret);
    if (!found || run !== this.#run) return;
    this.#order?.reset(found, clientSecret);
    const outcome = outcomeOf(found);
    if (outcome.kind === 'processing') return this.#verify({}, {});
    // What was declined before is no news for who only opens the page.
    if (outcome.kind !== 'declined' && outcome.kind !== 'canceled') this.#conclude(outcome);
  }

  async #fetchItem(): Promise<void> {
    const run = this.#run;
    const { merchant = '', product = '' } = this.#plan;
    const item = await this.#api?.catalogue(merchant, product);
    if (!item || run !== this.#run) return;
    this.#basket.item = item;
    this.#tell();
  }

  // Preparing

  /** Brings session, script and controls to what is wanted now; a wish that comes meanwhile is taken up. Never rejects. */
  #prepare(): Promise<void> {
    this.#preparing ??= this.#bring();
    this.#tell();
    return this.#preparing;
  }

  async #bring(): Promise<void> {
    const run = this.#run;
    try {
      let wish: string;
      do {
        wish = this.#wishText();
        await this.#bringOnce(run);
      } while (run === this.#run && !this.#notice && wish !== this.#wishText());
    } catch (error) {
      if (run === this.#run) this.#fail(error);
    } finally {
      if (run === this.#run) this.#preparing = undefined;
    }
    if (run === this.#run) this.#tell();
  }

  async #bringOnce(run: number): Promise<void> {
    const order = this.#order;
    if (!order || (busy(this.#state) && this.#state !== 'opening')) return;
    await order.prepare(this.#basket.wish(order.session));
    const { launch } = order;
    if (run !== this.#run || !launch) return;
    this.#tell();
    const obstacle = await this.#provider.bring(launch, this.#plan.nonce);
    if (run === this.#run && obstacle) this.#obstruct(obstacle);
  }

  #wishText = () => JSON.stringify([this.#basket.method(this.#session), this.#basket.quantity]);

  // Paying

  async #openSoon(): Promise<void> {
    const run = this.#run;
    const seen = this.snapshot.amount;
    const wasOurs = this.snapshot.controls === 'ours';
    this.#go('pressed');
    const late = new Promise<void>((tell) => {
      this.#env.after(patienceMs, tell);
    });
    const prepared = this.#prepare();
    await Promise.race([prepared, late]);
    if (run !== this.#run || this.#state !== 'opening') return;
    const { amount, controls } = this.snapshot;
    // Another price, or methods that only now can be seen: the shopper looks first.
    const isSame = amount === seen && (wasOurs ? controls === 'ours' : true);
    if (this.ready && isSame && this.#env.mayOpen()) return this.#open();
    this.#pressAgain = isSame;
    this.#go('notOpened');
    await prepared;
    if (run !== this.#run || !this.#is('form') || this.#notice || this.snapshot.amount === seen) return;
    this.#pressAgain = false;
    this.#say({ kind: 'priceChanged' });
  }

  /** No `await` before the provider is called: the browser remembers the click only so long. */
  #open(): void {
    const order = this.#order;
    const launch = order?.launch;
    if (!order || !launch) return;
    const redirect = prefersRedirect(this.#env.userAgent) ? 'always' : 'auto';
    const run = this.#run;
    if (this.#provider.controls !== 'ui') this.#opened();
    const result = this.#provider.open(launch, { buyer: this.#basket.buyer(this.#session), redirect });
    order.use();
    void result?.then((how) => this.#onResult(how, run));
  }

  /** The provider's window opens now: told without waiting, and kept for whoever comes back. */
  #opened(): void {
    const { session, token } = this.#order ?? {};
    if (!session?.attempt || !token || !this.#key || this.#state === 'paying') return;
    this.#pressAgain = false;
    this.#outcome = undefined;
    this.#resumed = false;
    remember(this.#env, this.#key.key, session.id, token);
    this.#go('opened');
    this.#api?.launched(session.id, token, session.attempt.no);
  }

  async #onResult(result: LaunchResult, run: number): Promise<void> {
    if (run !== this.#run || result.outcome === 'redirecting') return;
    // What was opened is used up, by the provider's own button too: another window is another attempt.
    this.#order?.use();
    switch (result.outcome) {
      case 'returned':
        return this.#verify(result.hints, {});
      case 'canceled':
        return this.#verify(result.hints, { canceled: true, code: result.code });
      case 'failed': {
        const { code, message } = result;
        return this.#verify(result.hints, { code, ...(message && { message }) });
      }
      case 'incomplete':
        this.#notice = { kind: 'agreement' };
        break;
      case 'unavailable':
        this.#obstruct(result);
    }
    this.#go('notOpened');
    if (this.#state === 'form') void this.#prepare();
  }

  // Finding out

  async #verify(hints: Hints, told: Told, id = this.#order?.session?.id): Promise<void> {
    const run = this.#run;
    const { token } = this.#order ?? {};
    const api = this.#api;
    if (!id || !token || !api) return;
    this.#notice = undefined;
    if (this.#is('verifying')) return this.#alarm.wake();
    this.#go('asked');
    if (!this.#is('verifying')) return;
    const since = this.#env.now();
    const found = await inquire({
      api,
      alarm: this.#alarm,
      token,
      body: verifyBody(id, hints),
      isWanted: () => run === this.#run && this.#state === 'verifying',
      onWait: (session) => {
        if (session) this.#order?.take(session);
        this.#slow = this.#env.now() - since >= slowMs;
        this.#tell();
      },
    });
    if (!found || run !== this.#run) return;
    if (found.found === 'gone') return this.#lose();
    if (found.found === 'known') {
      this.#order?.take(found.session);
      return this.#conclude(outcomeOf(found.session, told));
    }
    // What came back belongs to something else. Nothing was charged for it; how it really stands, the session says.
    const session = await api.read(id, token).catch(() => undefined);
    if (run !== this.#run) return;
    if (session) this.#order?.take(session);
    this.#conclude(session ? outcomeOf(session) : { kind: 'open' });
    if (this.#state === 'form') this.#say({ kind: 'mismatch' });
  }

  /** Nobody here may ask about that session any more: begin anew. */
  #lose(): void {
    this.#go('stillOpen');
    this.#begin();
  }

  /** From how it stands to the state that shows it. */
  #conclude(outcome: Outcome): void {
    const { kind } = outcome;
    if (kind === 'processing') {
      this.#state = this.#state === 'verifying' ? 'form' : this.#state;
      void this.#verify({}, {});
      return;
    }
    this.#outcome = outcome;
    const happening: Happening = kind === 'open' ? 'stillOpen' : happeningOf[kind];
    this.#go(happening);
    if (identityOf(this.#plan) !== this.#identity) this.#turn();
  }

  #onNews(news: SessionView): void {
    const before = this.#order?.session?.rev;
    this.#order?.take(news);
    if (this.#order?.session?.rev === before) return;
    const outcome = outcomeOf(news);
    // While the window is open, only money ends the waiting for it.
    if (outcome.kind === 'paid' || (this.#state === 'pending' && outcome.kind !== 'pending')) this.#conclude(outcome);
    else this.#tell();
  }

  /** Waits for news while somebody else may bring them: a webhook, another tab, a deposit. */
  #follow(): void {
    const { session, token } = this.#order ?? {};
    const isWanted = this.#unwatch && (this.#state === 'pending' || this.#state === 'paying') && this.#env.isVisible();
    if (!isWanted || !session || !token || !this.#api) {
      this.#unfollow?.();
      this.#unfollow = undefined;
      return;
    }
    this.#unfollow ??= follow({
      api: this.#api,
      alarm: this.#alarm,
      session: session.id,
      token,
      rev: () => this.#order?.session?.rev ?? 0,
      onNews: (news) => this.#onNews(news),
    });
  }

  #onChange(change: 'online' | 'visible' | 'restored'): void {
    const isBack = change === 'online' ? this.#env.isOnline() : this.#env.isVisible();
    if (isBack) this.#alarm.wake();
    if (change === 'restored' && this.#state === 'paying') {
      // Out of the back-forward cache: the window that this page was left for is history.
      void this.#verify({}, { canceled: true });
    } else if (change === 'online' && isBack && this.#notice?.kind === 'obstacle') {
      if (this.#state === 'loading') void this.#show();
      else this.#notice = undefined;
    }
    this.#tell();
  }

  // Saying

  #go(happening: Happening): void {
    this.#state = next(this.#state, happening);
    if (this.#state !== 'verifying') this.#slow = false;
    this.#tell();
  }

  #tell(): void {
    this.#follow();
    if (this.#listeners.size === 0) return;
    const { snapshot } = this;
    for (const listener of this.#listeners) listener(snapshot);
  }

  #say(notice?: Notice): void {
    this.#notice = notice;
    this.#tell();
  }

  #blame(mistake: Mistake): void {
    this.#mistake = mistake;
    this.#go('mistake');
  }

  #obstruct({ why, code, message }: Unavailable): void {
    const obstacle = obstacleOf(why);
    if (obstacle) this.#say({ kind: 'obstacle', obstacle: this.#env.isOnline() ? obstacle : 'offline' });
    else this.#blame({ code, detail: message ?? code });
  }

  /** A request failed where no money can be moving. */
  #fail(error: unknown): void {
    if (!(error instanceof ApiFailure)) throw error;
    const { code, message } = error;
    switch (remedyOf(error)) {
      case 'unavailable':
        this.#say({ kind: 'obstacle', obstacle: this.#env.isOnline() ? 'server' : 'offline' });
        return;
      case 'method':
        this.#say({ kind: 'methodGone' });
        return;
      case 'over':
        this.#conclude({ kind: 'ended', reason: 'tooOften', code, retryable: false });
        return;
      case 'reread':
        if (this.#session) {
          void this.#verify({}, {});
          return;
        }
        break;
      case 'mistake':
    }
    this.#blame({ code, detail: message });
  }

  #is = (state: State): boolean => this.#state === state;

  get #session(): SessionView | undefined {
    return this.#order?.session;
  }
}
