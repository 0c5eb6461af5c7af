import type { Buyer } from '../../contract/index.js';
import { apps, prefersRedirect } from '../providers/browser.js';
import type { LauncherOf, LaunchResult, MountPlaces, Unavailable } from '../providers/launcher.js';
import { type Api, ApiFailure, pathOf } from './api.js';
import type { Basket } from './basket.js';
import type { Environment } from './environment.js';
import type { Inquirer } from './inquirer.js';
import { remember, returnPage } from './leaving.js';
import { busy } from './machine.js';
import { Order, type Wish } from './order.js';
import type { Obstacle } from './outcomes.js';
import { chunkLost, ProviderSide } from './provider-side.js';
import type { Snapshot } from './snapshot.js';
import type { Source } from './source.js';
import type { Stage } from './stage.js';
import type { Tab } from './tab.js';

export interface TillDeps {
  env: Environment;
  stage: Stage;
  api: Api;
  tab: Tab;
  basket: Basket;
  source: Source;
  nonce: string | undefined;
  loadLauncher: LauncherOf;
  places?: () => MountPlaces | Promise<MountPlaces>;
  /** Which checkout of the page this is; `undefined` while it is off the page. */
  key(): string | undefined;
  price(): Pick<Snapshot, 'amount'>;
  /** Finds out how it stands when the window is closed, or when there were too many tries on a session that can't be replaced. */
  inquirer: Pick<Inquirer, 'verify' | 'over'>;
}

/** A click that waits longer than this for its window needs another one. */
const patienceMs = 1_000;

const reread: readonly string[] = [
  'payment_in_progress',
  'payment_already_paid',
  'session_canceled',
  'session_expired',
];

/** From the first intent to the provider's window: a chunk of its own. One for each order. */
export class Till {
  readonly provider: ProviderSide;
  readonly #order: Order;
  readonly #deps: TillDeps;
  readonly #run: number;
  #preparing: Promise<void> | undefined;
  #windows = 0;

  constructor(deps: TillDeps) {
    this.#deps = deps;
    const { env, stage, loadLauncher, places, api, tab, source } = deps;
    this.#run = stage.run;
    const page = () => {
      const key = deps.key();
      return key && returnPage(env, key);
    };
    this.#order = new Order({ api, tab, source, page, env });
    const handlers = {
      onReady: (ready: boolean) => stage.say(ready && stage.notice?.kind === 'agreement' ? undefined : stage.notice),
      onOpening: () => this.#opened(),
      onResult: (result: LaunchResult) => void this.#onResult(result),
    };
    this.provider = new ProviderSide({ loadLauncher, places, handlers });
  }

  /** Pressing the pay button opens the window in the same task. */
  get ready(): boolean {
    const { launch } = this.#order;
    // What is wanted may have changed since: the window would be for something else than is seen.
    return launch !== undefined && this.#order.isFor(this.#wish) && this.provider.isReady(launch);
  }

  get isPreparing(): boolean {
    return this.#preparing !== undefined;
  }

  get hasLaunch(): boolean {
    return this.#order.launch !== undefined;
  }

  /** Who shows the methods and the button. */
  get controls(): Snapshot['controls'] {
    const { launch } = this.#order;
    return this.provider.controls ?? (launch && launch.kind !== 'window' ? launch.kind : 'ours');
  }

  saveBuyer(buyer: Buyer): void {
    this.#order.saveBuyer(buyer).catch(() => undefined);
  }

  /** Brings session, script and controls to what is wanted now; a wish that comes meanwhile is taken up. Never rejects. */
  prepare(): Promise<void> {
    this.#preparing ??= this.#bring();
    this.#deps.stage.tell();
    return this.#preparing;
  }

  async #bring(): Promise<void> {
    const { stage } = this.#deps;
    try {
      let wish: string;
      do {
        wish = this.#wishText();
        await this.#bringOnce();
      } while (this.#isCurrent && !stage.notice && wish !== this.#wishText());
    } catch (error) {
      if (this.#isCurrent) this.#fail(error);
    } finally {
      this.#preparing = undefined;
    }
    if (this.#isCurrent) stage.tell();
  }

  /** A script that can't be had is told to the server once: another channel may have the method. */
  async #bringOnce(): Promise<void> {
    const { stage, nonce } = this.#deps;
    const failed: string[] = [];
    for (let obstacle: Unavailable | undefined; ; ) {
      if (busy(stage.state) && !stage.is('opening')) return;
      await this.#order.prepare(this.#wish).catch((error: unknown) => {
        if (!obstacle || reread.includes((error as ApiFailure).code)) throw error;
      });
      const { launch } = this.#order;
      if (!this.#isCurrent) return;
      if (!launch || failed.includes(launch.script)) return obstacle && this.#obstruct(obstacle);
      stage.tell();
      obstacle = await this.provider.bring(launch, nonce);
      if (!this.#isCurrent || !obstacle) return;
      const { why, code } = obstacle;
      if ((why !== 'script_blocked' && why !== 'script_timeout') || code === chunkLost) return this.#obstruct(obstacle);
      failed.push(launch.script);
      this.#order.avoid(why);
    }
  }

  get #wish(): Wish {
    const { basket, tab } = this.#deps;
    const method = basket.method(tab.session);
    return { quantity: basket.quantity, ...(method && { method }), buyer: basket.buyer(tab.session) };
  }

  #wishText(): string {
    const { basket, tab } = this.#deps;
    return JSON.stringify([basket.method(tab.session), basket.quantity]);
  }

  /** Inside the click. When all is ready the provider is called before this returns. */
  press(): void {
    const { stage } = this.#deps;
    if (!this.provider.isAgreed) stage.say({ kind: 'agreement' });
    else if (this.provider.controls === 'ui') {
      // Enter in a field: the window opens by the provider's own button alone.
      if (!this.ready) void this.prepare();
    } else if (this.ready) this.#open();
    else void this.openSoon();
  }

  async openSoon(): Promise<void> {
    const { stage, env, price } = this.#deps;
    const { controls: before } = this;
    const { amount: seen } = price();
    stage.go('pressed');
    const late = new Promise<void>((tell) => {
      env.after(patienceMs, tell);
    });
    const prepared = this.prepare();
    await Promise.race([prepared, late]);
    if (!this.#isCurrent || !stage.is('opening')) return;
    const { controls } = this;
    const { amount } = price();
    // Another price, methods or a button that only now can be seen: the shopper looks first.
    const isSame = amount === seen && controls !== 'ui' && (before !== 'ours' || controls === 'ours');
    if (this.ready && isSame && env.mayOpen()) {
      this.#open();
      return;
    }
    stage.pressAgain = isSame;
    stage.go('notOpened');
    await prepared;
    if (!this.#isCurrent || !stage.is('form') || stage.notice || price().amount === seen) return;
    stage.pressAgain = false;
    stage.say({ kind: 'priceChanged' });
  }

  /** No `await` before the provider is called: the browser remembers the click only so long. */
  #open(): void {
    const { launch } = this.#order;
    if (!launch) return;
    const { env, basket, tab } = this.#deps;
    this.#opened();
    const redirect = prefersRedirect(env.userAgent) ? 'always' : 'auto';
    const buyer = basket.buyer(tab.session);
    const result = this.provider.open(launch, { buyer, redirect });
    this.#order.use();
    // What could not be saved before: there may be no other time.
    this.saveBuyer(buyer);
    this.#windows += 1;
    const no = this.#windows;
    // What an older window says no with is no news of the one that is open; what it may have paid is.
    void result?.then(async (how) => {
      if (no === this.#windows || how.outcome === 'returned') await this.#onResult(how);
    });
  }

  /** The provider's window opens now: told without waiting, and kept for whoever comes back. */
  #opened(): void {
    const { stage, tab, env, api, key } = this.#deps;
    const { session, token } = tab;
    if (!session?.attempt || !token || !this.#isCurrent || stage.is('paying')) return;
    stage.pressAgain = false;
    stage.outcome = undefined;
    stage.resumed = false;
    remember(env, key(), session.id, token);
    stage.go('opened');
    const path = `${pathOf(session.id)}/launched`;
    const body = { attempt: session.attempt.no };
    // Not waited for: the server finds out without it too, only later.
    api.call({ method: 'POST', path, token, body, keepalive: true, repeats: 1 }).catch(() => undefined);
  }

  async #onResult(result: LaunchResult): Promise<void> {
    const { stage, inquirer } = this.#deps;
    if (!this.#isCurrent || result.outcome === 'redirecting') return;
    // What was opened is used up, by the provider's own button too: another window is another attempt.
    this.#order.use();
    switch (result.outcome) {
      case 'returned':
        return inquirer.verify(result.hints, {});
      case 'canceled':
        return inquirer.verify(result.hints, { canceled: true, code: result.code });
      case 'failed': {
        const { code, message } = result;
        return inquirer.verify(result.hints, { code, ...(message && { message }) });
      }
      case 'incomplete':
        stage.notice = { kind: 'agreement' };
        stage.go('notOpened');
        break;
      case 'unavailable':
        // First out of `paying`, which no mistake leads away from.
        stage.go('notOpened');
        this.#obstruct(result);
    }
    if (stage.is('form')) void this.prepare();
  }

  #obstruct({ why, code, message }: Unavailable): void {
    const { env, stage } = this.#deps;
    if (why === 'misconfigured') {
      stage.blame({ code, detail: message ?? code });
      return;
    }
    stage.stop(why);
    if (apps.test(env.userAgent)) void this.#showWayOut(why);
  }

  /** Out of an app, to the phone's own browser: it may work there. */
  async #showWayOut(obstacle: Obstacle): Promise<void> {
    const { env, stage } = this.#deps;
    const { notice } = stage;
    const module = await import('../providers/in-app-browser.js').catch(() => undefined);
    const outside = module?.inAppBrowser(env.userAgent)?.openElsewhere?.(env.address());
    if (outside && notice === stage.notice) stage.stop(obstacle, outside);
  }

  #fail(error: unknown): void {
    if (!(error instanceof ApiFailure)) throw error;
    const { stage, tab, inquirer } = this.#deps;
    if (error.code === 'too_many_attempts') inquirer.over(error.code);
    else if (reread.includes(error.code) && tab.session) void inquirer.verify({}, {});
    else stage.fail(error);
  }

  get #isCurrent(): boolean {
    return this.#run === this.#deps.stage.run;
  }
}
