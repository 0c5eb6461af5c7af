import type { SessionView } from '../../contract/index.js';

/** The session that this page has, and what opens it. */
export class Tab {
  session: SessionView | undefined;
  /** The client secret, or after a redirect into another browser only a return token. */
  token: string | undefined;
  /** When this page first heard of the session. */
  since = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Old news lowers nothing. */
  take(session: SessionView): void {
    if (session.id !== this.session?.id) this.since = this.#now();
    else if (session.rev < this.session.rev) return;
    this.session = session;
  }

  reset(session?: SessionView, token?: string): void {
    this.session = undefined;
    this.token = token;
    if (session) this.take(session);
  }
}
