import { type Answer, api, blog, type Call, type Said, type TossSession } from './world.js';

/** What a shopper's browser and a test's hand do, over HTTP. */
export interface Shopper {
  readonly session: TossSession;
  readonly secret: string;
  /** `pay_…` */
  readonly id: string;
  readonly orderId: string;
  call(method: string, path: string, body?: unknown): Promise<Answer<Said<TossSession>>>;
  prepare(body?: unknown): Promise<Answer<Said<TossSession>>>;
  /** Agrees in the provider's window, as the sandbox's control API does it. */
  agree(how?: Record<string, unknown>): Promise<{ paymentKey: string; orderId: string; amount: { value: number } }>;
  verify(hint?: Record<string, unknown>): Promise<Answer<Said<TossSession>>>;
  read(): Promise<TossSession>;
}

export interface Places {
  readonly url: string;
  readonly sandboxUrl: string;
}

export async function control(places: Pick<Places, 'sandboxUrl'>, path: string, body: unknown = {}): Promise<any> {
  const response = await fetch(`${places.sandboxUrl}/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`control ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

export const createCall: Call = {
  token: blog.publishableKey,
  origin: blog.origin,
  body: {
    items: [{ item: 'coffee', quantity: 2 }],
    returnUrls: { page: blog.page },
    prepare: { method: 'card' },
  },
};

/** Opens a session as a page would, prepared for a card. */
export async function openSession(places: Places, body: object = {}): Promise<Shopper> {
  const call = { ...createCall, body: { ...(createCall.body as object), ...body } };
  const made = await api(places.url, 'POST', '/payments/sessions', call);
  if (made.status !== 201) throw new Error(`session: ${made.status} ${JSON.stringify(made.body)}`);
  return shopperOf(places, made.body);
}

export function shopperOf(places: Places, session: TossSession): Shopper {
  const secret = session.clientSecret as string;
  const path = `/payments/sessions/${session.id}`;
  const call: Shopper['call'] = (method, to, body) =>
    api(places.url, method, to, { token: secret, ...(body !== undefined && { body }) });
  let orderId = session.attempt?.orderId ?? `${session.payment}_1`;
  return {
    session,
    secret,
    id: session.payment,
    get orderId() {
      return orderId;
    },
    call,
    async prepare(body = { method: 'card' }) {
      const prepared = await call('POST', `${path}/prepare`, body);
      orderId = prepared.body.attempt?.orderId ?? orderId;
      return prepared;
    },
    agree: (how = {}) =>
      control(places, 'toss/pay', {
        clientKey: 'test_ck_blog',
        orderId,
        amount: session.amount,
        method: 'card',
        ...how,
      }),
    verify: (hint = {}) => call('POST', '/payments/verify', { session: session.id, ...hint }),
    read: async () => (await call('GET', path)).body,
  };
}
