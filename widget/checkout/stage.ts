import type { ApiFailure } from './api.js';
import type { Environment } from './environment.js';
import { type Happening, next, type State } from './machine.js';
import type { Obstacle, Outcome } from './outcomes.js';
import type { Mistake } from './plan.js';
import type { Notice, Snapshot } from './snapshot.js';

/** Where a checkout stands and what is said about it, told to everyone who listens, in the same task. */
export class Stage {
  state: State = 'loading';
  notice: Notice | undefined;
  outcome: Outcome | undefined;
  mistake: Mistake | undefined;
  resumed = false;
  slow = false;
  pressAgain = false;
  /** Counts orders: what belongs to an earlier one is not heard any more. */
  run = 0;
  readonly listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #env: Environment;
  readonly #describe: () => Snapshot;
  readonly #beforeTelling: () => void;

  constructor(env: Environment, describe: () => Snapshot, beforeTelling: () => void) {
    this.#env = env;
    this.#describe = describe;
    this.#beforeTelling = beforeTelling;
  }

  /** Another order begins. */
  restart(): void {
    this.run += 1;
    this.notice = undefined;
    this.outcome = undefined;
    this.mistake = undefined;
    this.resumed = false;
    this.pressAgain = false;
  }

  is(state: State): boolean {
    return this.state === state;
  }

  go(happening: Happening): void {
    this.state = next(this.state, happening);
    if (!this.is('verifying')) this.slow = false;
    this.tell();
  }

  say(notice?: Notice): void {
    this.notice = notice;
    this.tell();
  }

  tell(): void {
    this.#beforeTelling();
    if (this.listeners.size === 0) return;
    const snapshot = this.#describe();
    for (const listener of this.listeners) listener(snapshot);
  }

  blame(mistake: Mistake): void {
    this.mistake = mistake;
    this.go('mistake');
  }

  /** A request failed where no money can be moving. */
  fail({ isPassing, code, message }: ApiFailure): void {
    if (isPassing) this.stop('server');
    else if (code === 'method_not_available') this.say({ kind: 'methodGone' });
    else this.blame({ code, detail: message });
  }

  /** Something can't be reached: told as a state of things, not as an error. `outside`: where it may work better. */
  stop(obstacle: Obstacle, outside?: string): void {
    const real = this.#env.isOnline() ? obstacle : 'offline';
    this.say({ kind: 'obstacle', obstacle: real, ...(outside && { outside }) });
  }
}
