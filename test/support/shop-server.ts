import type {
  CatalogueView,
  CreateSession,
  ErrorCode,
  Launch,
  MyPaymentRow,
  PatchSession,
  PrepareSession,
  SessionView,
  VerifySession,
} from '../../contract/index.js';

// A server of the checkout's in a few lines, for pages: it has one merchant, says what a test wants it to say, and keeps what it was
// asked. No Node, no DOM.

export interface Sent {
  method: string;
  /** Below `/api/v1`, with its query. */
  path: string;
  token: string | undefined;
  /** What was sent as JSON. */
  body: unknown;
}

export interface Answer {
  status?: number;
  body?: unknown;
  /** Instead of JSON. */
  html?: string;
  /** Seconds. */
  retryAfter?: number;
}

/** `lost`: the connection breaks. `never`: no answer comes. `undefined`: as always. */
export type Instead = Answer | 'lost' | 'never' | undefined;

export const problem = (status: number, code: ErrorCode, detail = `about ${code}`): Answer => ({
  status,
  body: { type: '', title: '', status, code, detail },
});

export const item: CatalogueView = {
  id: 'coffee',
  kind: 'product',
  name: { ko: '드립백 커피 세트', en: 'Drip bag coffee set' },
  price: 12_900,
  currency: 'KRW',
  minQuantity: 1,
  maxQuantity: 5,
  methods: ['card', 'kakaopay', 'naverpay', 'tosspay', 'transfer', 'virtual_account', 'phone'],
  locales: ['ko', 'en'],
  merchant: { name: { ko: '느린 아침', en: 'Slow Morning' } },
};

export class ShopServer {
  readonly items = new Map<string, CatalogueView>([[item.id, item]]);
  readonly sessions = new Map<string, SessionView>();
  readonly sent: Sent[] = [];
  /** Where the provider's script is. */
  script = '';
  /** What a test wants answered otherwise. */
  instead: (sent: Sent) => Instead | Promise<Instead> = () => undefined;
  /** What is found out about a payment whose window was closed. */
  found: Partial<SessionView> = { status: 'paid' };
  launch: (session: SessionView) => Launch = (session) => tossWindow(this.script, session);
  /** What `token` may see of payments, by the token; newest first. */
  readonly histories = new Map<string, MyPaymentRow[]>();
  #waitingForNews: { token: string; answer: () => void }[] = [];
  #waiting: { id: string; rev: number; answer: (answer: Answer) => void }[] = [];

  /** A session as the merchant's backend would make it. */
  add(more: Partial<SessionView> = {}): SessionView {
    const no = this.sessions.size + 1;
    const session: SessionView = {
      id: `cs_${no}`,
      payment: `pay_${no}`,
      mode: 'payment',
      status: 'open',
      processing: false,
      amount: item.price,
      currency: 'KRW',
      refundedAmount: 0,
      orderName: '드립백 커피 세트',
      lines: [{ item: item.id, name: item.name, quantity: 1, price: item.price }],
      locale: 'ko',
      merchant: item.merchant,
      methods: item.methods,
      openUntil: new Date(Date.now() + 30 * 60_000).toISOString(),
      rev: 1,
      ...more,
    };
    this.sessions.set(session.id, session);
    return session;
  }

  /** Something happens to a payment: whoever waits hears of it. */
  change(id: string, more: Partial<SessionView>): SessionView {
    const before = this.sessions.get(id);
    if (!before) throw new Error(`no session ${id}`);
    const session = { ...before, ...more, rev: before.rev + 1 };
    this.sessions.set(id, session);
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.id === id && waiting.rev < session.rev) waiting.answer({ body: session });
      else this.#waiting.push(waiting);
    }
    return session;
  }

  /** Something happens to a shopper's payments: whoever waits hears of it. */
  tellHistory(token: string, rows: MyPaymentRow[]): void {
    this.histories.set(token, rows);
    const heard = this.#waitingForNews.filter((waiting) => waiting.token === token);
    this.#waitingForNews = this.#waitingForNews.filter((waiting) => waiting.token !== token);
    for (const { answer } of heard) answer();
  }

  /** Requests to a path: `requests('POST /payments/sessions')`. */
  requests(what: string): readonly Sent[] {
    return this.sent.filter(({ method, path }) => `${method} ${path}`.startsWith(what));
  }

  async answer(sent: Sent): Promise<Answer | 'lost' | 'never'> {
    this.sent.push(sent);
    return (await this.instead(sent)) ?? this.#usual(sent);
  }

  #usual({ method, path, body, token }: Sent): Answer | Promise<Answer> {
    const url = new URL(path, 'https://pay.example');
    const [, room, second, third, verb] = url.pathname.split('/');
    if (room === 'me') return this.#history(token ?? '', url.searchParams);
    if (method === 'POST' && third === 'refunds') return this.#refundOf(token ?? '', second ?? '');
    if (room === 'catalog') return this.#catalogue(decodeURIComponent(second ?? ''));
    if (second === 'verify') return this.#verify(body as VerifySession);
    if (method === 'POST' && !third) return this.#create(body as CreateSession);
    const id = decodeURIComponent(third ?? '');
    const session = this.sessions.get(id);
    if (!session) return problem(404, 'session_not_found');
    if (method === 'PATCH') return this.#patch(session, body as PatchSession);
    if (verb === 'prepare') return this.#prepare(session, body as PrepareSession);
    if (verb === 'launched') {
      this.#attempt(session, 'launched');
      return { status: 204 };
    }
    if (verb === 'refunds') return this.#refundAccount(session);
    const after = url.searchParams.get('after');
    if (after === null || session.rev > Number(after)) return { body: session };
    return new Promise((answer) => this.#waiting.push({ id, rev: Number(after), answer }));
  }

  #history(token: string, query: URLSearchParams): Answer | Promise<Answer> {
    const rows = this.histories.get(token);
    if (!rows) return problem(401, 'customer_token_invalid');
    const from = Number(query.get('after') ?? 0);
    const until = from + Number(query.get('limit'));
    const data = rows.slice(from, until);
    const version = String(
      JSON.stringify(data)
        .split('')
        .reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 1e9, 7),
    );
    if (version === query.get('seen')) {
      return new Promise((answer) =>
        this.#waitingForNews.push({ token, answer: () => answer(this.#history(token, query)) }),
      );
    }
    return { body: { data, version, ...(until < rows.length && { next: String(until) }) } };
  }

  #refundOf(token: string, payment: string): Answer {
    const rows = this.histories.get(token) ?? [];
    const account = { bank: 'KAKAO', last4: '4567' };
    const given = rows.map((row) =>
      row.id === payment && row.refunds
        ? {
            ...row,
            refunds: row.refunds.map((one) => ({ ...one, needsAccount: false, state: 'sent' as const, account })),
          }
        : row,
    );
    this.tellHistory(token, given);
    return { status: 202, body: { id: 'rf_1' } };
  }

  #catalogue(id: string): Answer {
    const found = this.items.get(id);
    return found ? { body: found } : problem(404, 'item_not_found', `There is no item "${id}".`);
  }

  #create({ items: [wanted], prepare, buyer, locale = 'ko' }: CreateSession): Answer {
    const found = this.items.get(wanted?.item ?? '');
    if (!found) return problem(404, 'item_not_found');
    const { quantity = 1 } = wanted ?? {};
    const session = this.add({
      amount: found.price * quantity,
      currency: found.currency,
      orderName: found.name[locale] ?? found.name.ko,
      lines: [{ item: found.id, name: found.name, quantity, price: found.price }],
      merchant: found.merchant,
      methods: found.methods,
      ...(buyer && { buyer }),
    });
    const opened = this.#prepare(session, prepare ?? {}).body as SessionView;
    return { status: 201, body: { ...opened, clientSecret: `secret-of-${session.id}` } };
  }

  #patch(session: SessionView, { quantity, buyer }: PatchSession): Answer {
    const [line] = session.lines;
    const lines = quantity && line && { lines: [{ ...line, quantity }], amount: line.price * quantity };
    return { body: this.change(session.id, { ...lines, ...(buyer && { buyer: { ...session.buyer, ...buyer } }) }) };
  }

  #prepare(session: SessionView, { method }: PrepareSession): Answer {
    const before = session.attempt;
    const no = before && before.state !== 'prepared' ? before.no + 1 : (before?.no ?? 1);
    const attempt = {
      no,
      orderId: `${session.payment}_${no}`,
      provider: 'toss',
      ...(method && { method }),
      state: 'prepared',
    } as const;
    const prepared = this.change(session.id, { attempt });
    return { body: { ...prepared, launch: this.launch(prepared) } };
  }

  #verify({ session: id }: VerifySession): Answer {
    const session = this.sessions.get(id);
    if (!session) return problem(404, 'session_not_found');
    if (session.status !== 'open' && session.status !== 'pending') return { body: session };
    this.#attempt(session, this.found.failure ? 'failed' : 'paid');
    return { body: this.change(id, session.status === 'open' ? this.found : {}) };
  }

  #refundAccount({ id, refunds = [] }: SessionView): Answer {
    const given = refunds.map((refund) => ({ ...refund, needsAccount: false, state: 'sent' as const }));
    return { status: 202, body: this.change(id, { refunds: given }) };
  }

  #attempt({ id, attempt }: SessionView, state: 'launched' | 'failed' | 'paid'): void {
    if (attempt) this.change(id, { attempt: { ...attempt, state } });
  }
}

/** The methods as Toss's payment window is asked for them. */
export const tossWindow = (script: string, { attempt, amount, currency, orderName }: SessionView): Launch => ({
  provider: 'toss',
  kind: 'window',
  script,
  clientKey: 'test_ck_1',
  customerKey: 'customer-1',
  amount: { currency, value: amount },
  request: { method: 'CARD', orderId: attempt?.orderId ?? '', orderName, amount: { currency, value: amount } },
});

/** As PortOne's are asked for, by its newer script and its older one. */
export const portOneWindow = (script: string, { attempt, amount, currency, orderName }: SessionView): Launch => ({
  provider: 'portone-v2',
  kind: 'window',
  script,
  request: {
    ...{ storeId: 'store-1', channelKey: 'channel-key-1', paymentId: attempt?.orderId ?? '', orderName },
    ...{ totalAmount: amount, currency, payMethod: 'CARD' },
  },
});
export const portOneV1Window = (script: string, { attempt, amount, currency, orderName }: SessionView): Launch => ({
  provider: 'portone-v1',
  kind: 'window',
  script,
  userCode: 'imp00000001',
  request: {
    ...{ channelKey: 'channel-key-1', merchant_uid: attempt?.orderId ?? '', name: orderName },
    ...{ pay_method: 'card', amount, currency },
  },
});
