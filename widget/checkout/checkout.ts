import type { Buyer, Method, RefundAccount } from '../../contract/index.js';
import type { LauncherOf, MountPlaces } from '../providers/launcher.js';
import { type Api, ApiFailure, createApi } from './api.js';
import { Basket } from './basket.js';
import type { Environment } from './environment.js';
import type { RefundAnswer } from './inquirer.js';
import { busy, next, type State } from './machine.js';
import { loadParts, type Parts } from './parts.js';
import { identityOf, keyParts, orderOf, type Plan, sourceOf } from './plan.js';
import { checkoutKey, claimKey, forget, type Resumable, resumeOf, takeReturn } from './resume.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import type { Source } from './source.js';
import { Stage } from './stage.js';
import { Tab } from './tab.js';

export interface CheckoutDeps {
  env: Environment;
  loadLauncher: LauncherOf;
  /** Elements of the document for a provider's own controls; asked for only where there are any. */
  places?: () => MountPlaces | Promise<MountPlaces>;
  /** Fetches what else has to be there before a payment can be under way. Rejects where it can't be had. */
  alongside?: () => Promise<unknown>;
}

/**
 * One checkout, from the first look to the receipt, without a view. What pays (`Till`) comes with the first intent, what finds out how a
 * payment stands (`Inquirer`) with it or with a payment to look after. Listeners hear of every change in the same task, *before* the
 * provider's window opens: a modal has to leave the top layer by then.
 */
export class Checkout {
  /** What the page asks for now; the basket's plan is the one that is shown. */
  #plan: Plan;
  #identity = '';
  #api: Api | undefined;
  #source: Source | undefined;
  #parts: Parts | undefined;
  #coming: Promise<void> | undefined;
  #key: ReturnType<typeof claimKey> | undefined;
  #unwatch: (() => void) | undefined;
  readonly #stage: Stage;
  /** Of one order: an answer that comes late for the one before finds another. */
  #tab: Tab;
  readonly #basket: Basket;
  readonly #deps: CheckoutDeps;
  readonly #env: Environment;

  constructor(plan: Plan, deps: CheckoutDeps) {
    this.#plan = plan;
    this.#deps = deps;
    this.#env = deps.env;
    this.#basket = new Basket(plan);
    this.#tab = new Tab(deps.env.now);
    const keepUp = () => this.#parts?.inquirer.keepUp(this.#unwatch !== undefined);
    this.#stage = new Stage(deps.env, () => this.snapshot, keepUp);
  }

  /** Hears every snapshot from now on; the answer ends it. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    this.#stage.listeners.add(listener);
    return () => this.#stage.listeners.delete(listener);
  }

  /** Begins, or goes on after `stop`. */
  start(): void {
    if (this.#unwatch) return;
    this.#unwatch = this.#env.watch((change) => this.#onChange(change));
    this.#claim();
    if (this.#isChanged) this.#turn();
    else {
      this.#follow();
      if (this.#parts?.till.hasLaunch && !this.ready) void this.#parts.till.prepare();
    }
    this.#stage.tell();
  }

  /** Nobody looks any more. A payment under way goes on; only the waiting for news ends. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (!busy(this.state)) this.#parts?.till.provider.unmount();
    this.#release();
    this.#stage.tell();
  }

  /** The page asks for something else. Another order waits until no money can be moving. */
  update(plan: Plan): void {
    this.#plan = plan;
    if (!this.#unwatch) return;
    if (this.#isChanged) this.#turn();
    else this.#follow();
  }

  /** The same order, asked for otherwise. */
  #follow(): void {
    const plan = this.#plan;
    const before = this.#basket.plan;
    this.#basket.plan = plan;
    if (plan.quantity !== before.quantity) {
      // The window that is open keeps its own.
      if (busy(this.#stage.state)) this.#basket.quantity = plan.quantity;
      else this.setQuantity(plan.quantity);
    }
    if (plan.method && plan.method !== before.method) this.choose(plan.method);
    this.#stage.tell();
  }

  /** The shopper means it: a focus, a pointer, an opened modal. Makes the session and fetches the provider's script. Repeat it freely. */
  intent(): void {
    if (!this.#stage.is('form') || this.#stage.notice?.kind === 'obstacle') return;
    void this.#with(({ till }) => till.ready || till.prepare());
  }

  choose(method: Method): void {
    if (busy(this.state) || !this.#basket.methods(this.#tab.session).includes(method)) return;
    this.#basket.choose(method);
    this.#stage.pressAgain = false;
    // The other provider's own button must not be pressed for this method.
    const provider = this.#parts?.till.provider;
    if (provider?.controls === 'ui') provider.unmount();
    this.#stage.say();
    if (this.#stage.is('form')) this.#prepare();
  }

  setQuantity(quantity: number): void {
    const before = this.#basket.quantity;
    if (busy(this.state)) return;
    this.#basket.quantity = quantity;
    if (this.#basket.quantity === before) return;
    this.#stage.pressAgain = false;
    this.#stage.say();
    if (this.#tab.session && this.#stage.is('form')) this.#prepare();
  }

  /** As it is typed. */
  setBuyer(typed: Buyer): void {
    this.#basket.type(typed);
    this.#stage.tell();
  }

  /** On blur. What fails is sent again with the next request. */
  saveBuyer(): void {
    this.#parts?.till.saveBuyer(this.#basket.buyer(this.#tab.session));
  }

  /**
   * The pay button. To be called inside the click. When all is ready the provider is called before this returns; else it waits up to a
   * second, and asks for another click if the browser forgot this one.
   */
  submit(): void {
    const stage = this.#stage;
    if (!stage.is('form')) return;
    if (!this.#env.isOnline()) {
      stage.say({ kind: 'obstacle', obstacle: 'offline' });
      return;
    }
    stage.notice = undefined;
    if (this.#parts) this.#parts.till.press();
    else void this.#pressLate();
  }

  async #pressLate(): Promise<void> {
    this.#stage.go('pressed');
    await this.#with(({ till }) => till.openSoon());
    // The window may be open by now.
    if (this.#stage.is('opening')) this.#stage.go('notOpened');
  }

  /** After a decline, a cancellation, a mistake that was mended, or for another way than an account: once more. */
  again(): void {
    if (this.#stage.outcome?.kind === 'ended' || this.#stage.is('error')) {
      this.refresh();
      return;
    }
    this.#stage.notice = undefined;
    this.#stage.go('again');
    if (this.#isChanged) this.#turn();
    else if (this.#stage.is('form')) this.#prepare();
  }

  /** Looks how it stands; what is over begins anew. */
  refresh(): void {
    if (busy(this.state) || this.#stage.is('pending')) void this.check();
    else if (this.#stage.is('loading')) void this.#show();
    else this.#begin();
  }

  /** The shopper goes on elsewhere: on the way back this page begins anew. */
  forget(): void {
    if (this.#key) forget(this.#env, this.#key.key);
  }

  /** Asks the server now, for shoppers who know that they paid, or whose window is gone. */
  async check(): Promise<void> {
    await this.#with(({ inquirer }) => inquirer.check());
  }

  /** Names the account that a deposit goes back to. */
  async refundAccount(refund: string, account: RefundAccount): Promise<RefundAnswer> {
    return (await this.#parts?.inquirer.giveAccount(refund, account)) ?? 'unavailable';
  }

  get state(): State {
    return this.#stage.state;
  }

  /** Pressing the pay button opens the window in the same task. */
  get ready(): boolean {
    return this.#parts?.till.ready === true;
  }

  get snapshot(): Snapshot {
    return snapshotOf({
      stage: this.#stage,
      basket: this.#basket,
      session: this.#tab.session,
      till: this.#parts?.till,
      online: this.#env.isOnline(),
    });
  }

  // Showing

  /** Drops the order that was shown, and shows what the plan asks for. */
  #begin(): void {
    this.forget();
    this.#stage.go(this.#stage.is('error') ? 'again' : 'changed');
    this.#load();
  }

  get #isChanged(): boolean {
    return identityOf(this.#plan) !== this.#identity;
  }

  /**
   * The plan is about another order: now, or as soon as no money can be moving. A shopper's new token is no reason to take a result away:
   * it counts from the next order on.
   */
  #turn(): void {
    const { state } = this;
    if (state === 'loading') this.#load();
    else if (next(state, 'changed') !== 'loading') return;
    else if (state === 'form' || state === 'error' || orderOf(this.#plan) !== orderOf(this.#basket.plan)) this.#begin();
  }

  #load(): void {
    const plan = this.#plan;
    this.#identity = identityOf(plan);
    this.#parts?.till.provider.unmount();
    this.#parts?.inquirer.keepUp(false);
    this.#parts = undefined;
    this.#coming = undefined;
    this.#stage.restart();
    this.#basket.restart(plan);
    this.#tab = new Tab(this.#env.now);
    const source = sourceOf(plan);
    if ('code' in source) {
      this.#stage.blame(source);
      return;
    }
    this.#source = source;
    this.#release();
    this.#claim();
    takeReturn(this.#env);
    this.#api = createApi(this.#env, plan.server);
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
    const stage = this.#stage;
    const { run } = stage;
    const resumable = this.#key && resumeOf(this.#env, this.#key.key, this.#plan.session);
    stage.say();
    try {
      if (resumable) await this.#resume(resumable);
      else if (this.#source?.kind === 'given') await this.#read(this.#source.session, this.#source.secret);
      if (run === stage.run && this.#source?.kind === 'catalogue' && !stage.is('success')) await this.#fetchItem();
      if (run === stage.run) stage.go('shown');
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (run === stage.run) stage.fail(error);
    }
    // On its way while the shopper reads: nobody should wait for it at the first touch.
    if (stage.is('form')) void this.#come();
  }

  async #resume(resumable: Resumable): Promise<void> {
    this.#stage.resumed = true;
    await this.#inquire((inquirer) => inquirer.resume(resumable, this.#plan));
  }

  async #read(session: string, secret: string): Promise<void> {
    const { run } = this.#stage;
    const found = await this.#api?.read(session, secret);
    if (!found || run !== this.#stage.run) return;
    this.#tab.reset(found, secret);
    if (found.status !== 'open' || found.processing || found.refunds)
      await this.#inquire((inquirer) => inquirer.look(found));
  }

  async #fetchItem(): Promise<void> {
    const { run } = this.#stage;
    const { merchant = '', product = '' } = this.#plan;
    const item = await this.#api?.catalogue(merchant, product);
    if (!item || run !== this.#stage.run) return;
    this.#basket.item = item;
    this.#stage.tell();
  }

  // Paying, and finding out: both come when they are wanted

  #prepare(): void {
    void this.#with(({ till }) => till.prepare());
  }

  async #with(use: (parts: Parts) => unknown): Promise<void> {
    const { run } = this.#stage;
    // What is there is used in this task: a choice makes the last one unready at once.
    if (!this.#parts) await this.#come();
    if (run !== this.#stage.run) return;
    if (this.#parts) await use(this.#parts);
    // A chunk that did not come: the next press tries again. Where the browser remembers what failed (Chrome), only a reload helps.
    else if (this.#source) this.#stage.stop('script_timeout');
  }

  /** For what may be paid already: no form is shown before it was asked about. */
  async #inquire(ask: (inquirer: Parts['inquirer']) => unknown): Promise<void> {
    const { run } = this.#stage;
    await this.#come();
    if (run !== this.#stage.run) return;
    if (!this.#parts) throw new ApiFailure('unreachable');
    await ask(this.#parts.inquirer);
  }

  async #come(): Promise<void> {
    if (this.#parts) return;
    this.#coming ??= this.#fetchParts().finally(() => {
      this.#coming = undefined;
    });
    await this.#coming;
  }

  async #fetchParts(): Promise<void> {
    const [stage, api, source] = [this.#stage, this.#api, this.#source];
    if (!api || !source) return;
    const { run } = stage;
    const { alongside, ...deps } = this.#deps;
    const coming = loadParts({
      ...deps,
      stage,
      api,
      source,
      tab: this.#tab,
      basket: this.#basket,
      nonce: this.#plan.nonce,
      key: () => this.#key?.key,
      price: () => this.snapshot,
      onLost: () => this.#lose(),
      onConcluded: () => this.#catchUp(),
    });
    const [parts] = await Promise.all([coming, alongside?.()]).catch(() => []);
    if (run === stage.run) this.#parts = parts;
  }

  /** Nobody here may ask about that session any more: begin anew. */
  #lose(): void {
    this.#stage.go('stillOpen');
    this.#begin();
  }

  /** A receipt stays until the page asks for something else once more. */
  #catchUp(): void {
    if (this.#isChanged && !this.#stage.is('success')) this.#turn();
  }

  #onChange(change: 'online' | 'visible' | 'restored'): void {
    const stage = this.#stage;
    const isBack = change === 'online' ? this.#env.isOnline() : this.#env.isVisible();
    if (isBack) this.#parts?.inquirer.wake();
    if (change === 'restored' && stage.is('paying')) {
      // Out of the back-forward cache: the window that this page was left for is history.
      void this.#with(({ inquirer }) => inquirer.verify({}, { canceled: true }));
    } else if (change === 'online' && isBack && stage.notice?.kind === 'obstacle') {
      if (stage.is('loading')) void this.#show();
      else stage.notice = undefined;
    }
    stage.tell();
  }
}
