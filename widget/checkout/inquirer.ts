import type { RefundAccount, SessionView, ShopperRefundView } from '../../contract/index.js';
import type { Hints } from '../providers/launcher.js';
import { createAlarm } from './alarm.js';
import { type Api, type ApiFailure, pathOf } from './api.js';
import type { Basket } from './basket.js';
import type { Environment } from './environment.js';
import { follow, inquire } from './inquiry.js';
import { busy } from './machine.js';
import { type Outcome, outcomeOf, type Told } from './outcomes.js';
import type { Plan } from './plan.js';
import { type Resumable, secretName } from './resume.js';
import { returned } from './returned.js';
import type { Stage } from './stage.js';
import type { Tab } from './tab.js';

const isUnderWay = ({ state }: ShopperRefundView) => state !== 'done' && state !== 'failed';

export interface InquirerDeps {
  env: Environment;
  stage: Stage;
  api: Api;
  tab: Tab;
  basket: Basket;
  /** Nobody here may ask about the session any more. */
  onLost(): void;
  /** It is known how it stands, and the state says so. */
  onConcluded(): void;
}

/** `refused`: another account is wanted. `unavailable`: the same may be sent again. */
export type RefundAnswer = 'taken' | 'refused' | 'unavailable';

const slowMs = 6_000;

/** Which happening an outcome is. */
const happeningOf = {
  open: 'stillOpen',
  paid: 'paid',
  pending: 'issued',
  declined: 'declined',
  canceled: 'closed',
  ended: 'ended',
} as const;

/** Finds out how a payment stands, and hears when it changes: a chunk of its own. One for each order. */
export class Inquirer {
  readonly #deps: InquirerDeps;
  readonly #alarm: ReturnType<typeof createAlarm>;
  readonly #run: number;
  #unfollow: (() => void) | undefined;
  #isLooking = false;
  /** What the window said, and what the shopper is told of it. */
  #heard: { hints: Hints; told: Told } = { hints: {}, told: {} };

  constructor(deps: InquirerDeps) {
    this.#deps = deps;
    this.#alarm = createAlarm(deps.env);
    this.#run = deps.stage.run;
  }

  /** A reason to ask again now. Of a receipt too: a refund may have begun meanwhile, and only one under way is followed. */
  wake(): void {
    this.#alarm.wake();
    if (this.#deps.stage.is('success') && !this.#unfollow) void this.#lookAgain();
  }

  async #lookAgain(): Promise<void> {
    const { api, tab, stage } = this.#deps;
    const { session, token } = tab;
    if (!session || !token || this.#isLooking) return;
    this.#isLooking = true;
    const news = await api.read(session.id, token).catch(() => undefined);
    this.#isLooking = false;
    if (!news || !this.#isCurrent) return;
    tab.take(news);
    stage.tell();
  }

  async verify(hints: Hints, told: Told, id = this.#deps.tab.session?.id): Promise<void> {
    const { env, stage, api, tab, onLost } = this.#deps;
    const { token } = tab;
    if (!id || !token) return;
    stage.notice = undefined;
    const isAsking = stage.is('verifying');
    // Asked about already, by the shopper: what the window says goes along.
    if (!isAsking || Object.keys(hints).length > 0) this.#heard = { hints, told };
    if (isAsking) return this.wake();
    stage.go('asked');
    if (!stage.is('verifying')) return;
    const since = env.now();
    const found = await inquire({
      api,
      alarm: this.#alarm,
      token,
      session: id,
      hints: () => this.#heard.hints,
      isWanted: () => this.#isCurrent && stage.is('verifying'),
      onWait: (session) => {
        if (session) tab.take(session);
        stage.slow = env.now() - since >= slowMs;
        stage.tell();
      },
    });
    if (!found || !this.#isCurrent) return;
    if (found.found === 'gone') return onLost();
    if (found.found === 'known') return this.conclude(found.session, this.#heard.told);
    // What came back belongs to something else. Nothing was charged for it; how it really stands, the session says.
    const session = await api.read(id, token).catch(() => undefined);
    if (!this.#isCurrent) return;
    if (session) this.conclude(session, {});
    else this.#settleOn({ kind: 'open' });
    if (stage.is('form')) stage.say({ kind: 'mismatch' });
  }

  /** Asked by the shopper. */
  async check(): Promise<void> {
    const { stage } = this.#deps;
    const wasPending = stage.is('pending');
    await this.verify({}, {});
    if (this.#isCurrent && wasPending && stage.is('pending')) stage.say({ kind: 'depositNotYet' });
  }

  /** A payment that the page was left for: how it stands, and what was chosen for it. */
  async resume({ session, token, query }: Resumable, plan: Plan): Promise<void> {
    const { env, stage, tab, basket } = this.#deps;
    const given = plan.session === session ? plan.clientSecret : undefined;
    tab.token = env.storage.get(secretName(session)) ?? given ?? token;
    const { hints, told } = returned(query);
    await this.verify(hints, told, session);
    if (!this.#isCurrent) return;
    const { lines, attempt } = tab.session ?? {};
    basket.quantity = lines?.[0]?.quantity ?? basket.quantity;
    basket.choose(attempt?.method);
    // What did not match is said already.
    if (stage.is('form') && !stage.notice) stage.say({ kind: 'unfinished' });
  }

  /** From how a session stands to the state that shows it. */
  conclude(session: SessionView, told: Told = {}): void {
    const { stage, tab } = this.#deps;
    tab.take(session);
    const outcome = outcomeOf(tab.session ?? session, told);
    // Asked about already: what is not known yet is asked for once more, from the start.
    if (outcome.kind === 'processing' && stage.is('verifying')) stage.state = 'form';
    if (outcome.kind === 'processing') void this.verify({}, {});
    else this.#settleOn(outcome);
  }

  /** A session that the page was given: what was declined before is no news for who only opens the page. */
  look(session: SessionView): void {
    const { kind } = outcomeOf(session);
    if (kind !== 'declined' && kind !== 'canceled' && kind !== 'open') this.conclude(session);
  }

  over(code: string): void {
    this.#settleOn({ kind: 'ended', reason: 'tooOften', code, retryable: false });
  }

  #settleOn(outcome: Exclude<Outcome, { kind: 'processing' }> | { kind: 'open' }): void {
    const { stage, onConcluded } = this.#deps;
    stage.outcome = outcome as Outcome;
    stage.go(happeningOf[outcome.kind as keyof typeof happeningOf]);
    onConcluded();
  }

  /** Names the account that a deposit goes back to. The same one may be sent twice. */
  async giveAccount(refund: string, account: RefundAccount): Promise<RefundAnswer> {
    const { api, tab, stage } = this.#deps;
    const { session, token } = tab;
    if (!session || !token) return 'unavailable';
    const path = `${pathOf(session.id)}/refunds/${encodeURIComponent(refund)}/account`;
    try {
      const answer = await api.call<SessionView>({ method: 'POST', path, token, body: account, repeats: 2 });
      tab.take(answer.body);
      stage.tell();
      return 'taken';
    } catch (error) {
      return (error as ApiFailure).isPassing ? 'unavailable' : 'refused';
    }
  }

  /** Waits for news while somebody else may bring them: a webhook, another tab, a deposit. Called at each change. */
  keepUp(isLookedAt: boolean): void {
    const { env, stage, api, tab } = this.#deps;
    const { session, token } = tab;
    const mayCome =
      stage.is('pending') || stage.is('paying') || (!busy(stage.state) && session?.refunds?.some(isUnderWay));
    const isWanted = isLookedAt && this.#isCurrent && mayCome && env.isVisible();
    if (!isWanted || !session || !token) {
      this.#unfollow?.();
      this.#unfollow = undefined;
      return;
    }
    this.#unfollow ??= follow({
      api,
      alarm: this.#alarm,
      session: session.id,
      token,
      rev: () => tab.session?.rev ?? 0,
      onNews: (news) => this.#onNews(news),
    });
  }

  #onNews(news: SessionView): void {
    const { stage, tab } = this.#deps;
    const before = tab.session?.rev;
    tab.take(news);
    if (tab.session?.rev === before) return;
    const { kind } = outcomeOf(news);
    // While the window is open, only money ends the waiting for it.
    if (kind === 'paid' || (stage.is('pending') && kind !== 'pending')) this.conclude(news);
    else stage.tell();
  }

  get #isCurrent(): boolean {
    return this.#run === this.#deps.stage.run;
  }
}
