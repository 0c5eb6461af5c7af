import { call, Problem, randomKey, sleep } from './api.js';
import { keepForReload } from './arrival.js';
import { config } from './dom.js';

/** Client secrets of this tab, for the way back from a redirect, whose token may only look. */
const secrets = {
  get(session) {
    try {
      return window.sessionStorage.getItem(`secret:${session}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(session, secret) {
    try {
      window.sessionStorage.setItem(`secret:${session}`, secret);
    } catch {
      // A browser that keeps nothing: after a redirect the result is shown all the same.
    }
  },
};

const pathOf = (session) => `/payments/sessions/${session}`;

/** Where a redirect comes back to: this page, without what is only for now. */
function returnPage() {
  const url = new URL(window.location.href);
  url.hash = '';
  return url.href;
}

/** A session of one catalogue item, prepared in the same request. Repeated with the same key where an answer was lost. */
async function create(item, method) {
  const body = {
    items: [{ item }],
    locale: config.language,
    returnUrls: { page: returnPage() },
    prepare: { method },
  };
  const options = { token: config.publishableKey, body, headers: { 'idempotency-key': randomKey() } };
  try {
    return await call('POST', '/payments/sessions', options);
  } catch (error) {
    if (!(error instanceof Problem && error.passing)) throw error;
    await sleep(500);
    return call('POST', '/payments/sessions', options);
  }
}

/**
 * One payment as the page sees it: the session, the token that opens it, and what opens the provider's window next. Knows no views.
 * `launch` is there when a window can be opened at once.
 */
export class Checkout {
  session;
  launch;
  method = 'card';
  #token;
  #wanted = {};
  #working;

  static async ofItem(item) {
    const checkout = new Checkout();
    checkout.#take((await create(item, checkout.method)).body);
    checkout.#token = checkout.session.clientSecret;
    return checkout;
  }

  /** A session that exists. What a return token opens may be looked at; to pay again, this tab must have its secret. */
  static ofSession({ session, token }) {
    const checkout = new Checkout();
    checkout.session = { id: session };
    checkout.#token = secrets.get(session) ?? token;
    return checkout;
  }

  get payable() {
    return this.#token.startsWith('cs_');
  }

  #take(body) {
    const { launch, ...session } = body;
    this.session = { clientSecret: this.session?.clientSecret, ...session };
    if (launch) this.launch = launch;
    return this.session;
  }

  async read() {
    return this.#take((await call('GET', pathOf(this.session.id), { token: this.#token })).body);
  }

  /** Method and quantity as the shopper wants them now; prepared one after the other, the last wish wins. */
  want(wish) {
    this.#wanted = { ...this.#wanted, ...wish };
    this.launch = undefined;
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  /** Resolves when `launch` is what the shopper wants. */
  ready() {
    return this.#working ?? (this.launch ? Promise.resolve() : this.want({}));
  }

  async #work() {
    let wish;
    do {
      wish = this.#wanted;
      if (wish.method) this.method = wish.method;
      const [line] = this.session.lines;
      if (wish.quantity && wish.quantity !== line.quantity) {
        const body = { quantity: wish.quantity };
        this.#take((await call('PATCH', pathOf(this.session.id), { token: this.#token, body })).body);
      }
      const body = { method: this.method, returnUrl: returnPage() };
      const answer = await call('POST', `${pathOf(this.session.id)}/prepare`, { token: this.#token, body });
      if (wish === this.#wanted) this.#take(answer.body);
    } while (wish !== this.#wanted);
  }

  /** The window opens now: told without waiting, and kept for whoever comes back. */
  launched() {
    const { id, attempt } = this.session;
    secrets.set(id, this.#token);
    keepForReload({ session: id, token: this.#token });
    const options = { token: this.#token, body: { attempt: attempt.no }, keepalive: true };
    call('POST', `${pathOf(id)}/launched`, options).catch(() => undefined);
    // What was opened is used up: another try is another attempt.
    const { launch } = this;
    this.launch = undefined;
    return launch;
  }

  /** Asks until it is known how the payment stands. `onWait` hears that it takes longer. Throws `Problem` for what asking again can't mend. */
  async verify(hint = {}, onWait = () => undefined) {
    for (;;) {
      let wait = 2;
      try {
        const body = { session: this.session.id, ...hint };
        const answer = await call('POST', '/payments/verify', { token: this.#token, body });
        this.#take(answer.body);
        if (answer.status === 200) return this.session;
        wait = answer.retryAfter ?? wait;
      } catch (error) {
        if (!(error instanceof Problem && error.passing)) throw error;
        wait = error.retryAfter ?? wait;
      }
      onWait();
      await sleep(wait * 1_000);
    }
  }

  /** Where a deposit goes back to. Throws `Problem` where that account is not taken. */
  async giveAccount(refund, account) {
    const path = `${pathOf(this.session.id)}/refunds/${refund}/account`;
    this.#take((await call('POST', path, { token: this.#token, body: account })).body);
  }

  /** Waits for news of the session; ends with `signal`. */
  async news(signal) {
    for (;;) {
      try {
        const { id, rev } = this.session;
        const path = `${pathOf(id)}?after=${rev}&wait=25`;
        const { body } = await call('GET', path, { token: this.#token, signal });
        if (body.rev !== rev) return this.#take(body);
      } catch (error) {
        if (!(error instanceof Problem && error.passing)) throw error;
        await sleep(5_000);
      }
    }
  }
}
