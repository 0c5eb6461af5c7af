import type { SessionView } from '../../contract/index.js';

const marginMs = 10_000;
const minLifeMs = 60_000;

/** The session that this page has, and what opens it. */
export class Tab {
  session: SessionView | undefined;
  /** The client secret, or after a redirect into another browser only a return token. */
  token: string | undefined;
  #goodUntil = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Its time to be paid is over, or about to be. */
  get isStale(): boolean {
    return this.session !== undefined && this.#now() > this.#goodUntil;
  }

  /** It may be looked at, not paid. */
  get isReadOnly(): boolean {
    return this.token?.startsWith('rt_') === true;
  }

  /** Old news lowers nothing. */
  take(session: SessionView): void {
    if (session.id === this.session?.id && session.rev < this.session.rev) return;
    if (session.id !== this.session?.id) this.#goodUntil = this.#lifeOf(session);
    this.session = session;
  }

  reset(session?: SessionView, token?: string): void {
    this.session = undefined;
    this.token = token;
    if (session) this.take(session);
  }

  /** By this computer's clock, which may be wrong by hours: that must not make every session look too old. */
  #lifeOf({ openUntil }: SessionView): number {
    const now = this.#now();
    if (openUntil === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(Date.parse(openUntil) - marginMs, now + minLifeMs);
  }
}
