import type { Currency, Launch, Method } from '../../../contract/index.js';
import type {
  CancelIntent,
  Channel,
  ConfirmIntent,
  LaunchOrder,
  Provider,
} from '../../../server/providers/provider.js';

/** What a shopper pays with: a method, and the number where it is a card. */
export interface Instrument {
  method: Method;
  card?: string;
}

/** The sandbox's test cards. */
export const cards = {
  pays: '4300000000000001',
  insufficientFunds: '4300000000000002',
  overLimit: '4300000000000003',
  stopped: '4300000000000004',
} as const;

export interface Fault {
  on: 'confirm' | 'lookup' | 'list' | 'cancel' | 'pre_register' | 'approve';
  kind: string;
  /** Which order it waits for; every order without it. */
  orderId?: string;
  amount?: number;
  code?: string;
  status?: number;
  ms?: number;
}

/** The world outside the adapter, in words that fit every provider: the shopper, the bank, the console, the network. */
export interface Driver {
  /** The shopper opens the window that the launch describes; gives the provider's id of the record. */
  open(launch: Launch): Promise<string>;
  /** The shopper agrees to it. Gives the token that the browser gets for it, where there is one. */
  authenticate(record: string, instrument: Instrument): Promise<string | undefined>;
  deposit(record: string): Promise<void>;
  reverseDeposit(record: string): Promise<void>;
  /** Someone gives money back in the provider's own console. Without an amount: all that is left. */
  cancelInConsole(record: string, amount?: number): Promise<void>;
  arm(fault: Fault): Promise<void>;
  /** Moves the provider's clock. */
  advance(ms: number): Promise<void>;
  /** What the bank's books say about an order: money taken, and given back. */
  books(orderId: string): Promise<{ charged: number; cancelled: number }>;
}

/** What providers may do in their own way, each by its documents. */
export interface Ways {
  /** Money moves at our `confirm`. */
  needsConfirm: boolean;
  /** A record shows that the shopper agreed, before money moves. */
  showsConsent: boolean;
  /** A record shows that a window, or an account's due date, has passed. */
  showsExpiry: boolean;
  /** The reply to a confirm tells a decline; else the record does. */
  tellsDeclines: boolean;
  /** A record of another order can be told from one that does not exist. */
  tellsOtherOrders: boolean;
  /** A call that is still running is told apart from one that failed. */
  tellsRunning: boolean;
  /** A deposit can be taken back by the bank. */
  reversesDeposits: boolean;
}

const lacking: Readonly<Record<keyof Ways, string>> = {
  needsConfirm: 'no confirm: it charges by itself',
  showsConsent: 'nothing in its records that shows consent before money moves',
  showsExpiry: 'nothing in its records that shows that a window or an account has run out',
  tellsDeclines: 'no reply that tells a decline: its records do',
  tellsOtherOrders: 'no way to tell another order’s record from one that does not exist',
  tellsRunning: 'no word for a call that is still running',
  reversesDeposits: 'no deposits that the bank takes back',
};

/** What this provider does not have, for whoever reads the run. */
export const lacks = (ways: Ways): string[] =>
  (Object.keys(lacking) as (keyof Ways)[]).filter((way) => !ways[way]).map((way) => lacking[way]);

export interface World {
  provider: Provider;
  /** The same adapter with time-outs short enough to wait for. */
  impatient: Provider;
  channel: Channel;
  /** Takes PayPal in US dollars. */
  dollars: Channel;
  /** The same contract with a secret that the provider doesn't know. */
  wrongSecret: Channel;
  /** What must never leave the server. */
  secrets: readonly string[];
  driver: Driver;
  close(): Promise<void>;
}

let made = 0;

/** What every case does before it gets to its point. */
export function play(world: World) {
  const { provider, channel, driver } = world;
  const order = (changes: Partial<LaunchOrder> = {}): LaunchOrder => ({
    orderId: `pay_${(++made).toString().padStart(26, '0')}_1`,
    orderName: '커피 2잔',
    amount: 12_000,
    currency: 'KRW',
    method: 'card',
    customerKey: 'c_01ABCDEFGHJKMNPQRSTVWXYZ00',
    locale: 'ko',
    successUrl: 'https://shop.example/done',
    failUrl: 'https://shop.example/fail',
    ...changes,
  });

  async function open(of: LaunchOrder): Promise<string> {
    const outcome = await provider.launch(channel, of);
    if (outcome.outcome !== 'done') throw new Error(`no launch: ${JSON.stringify(outcome)}`);
    return driver.open(outcome.launch);
  }

  /** An order whose shopper agreed: not charged yet where the provider waits for our confirm. */
  async function agreed(changes: Partial<LaunchOrder> & { card?: string } = {}) {
    const { card, ...rest } = changes;
    const placed = order(rest);
    const record = await open(placed);
    const token = await driver.authenticate(record, { method: placed.method ?? 'card', ...(card && { card }) });
    return { ...placed, record, ...(token !== undefined && { token }) };
  }
  type Agreed = LaunchOrder & { record: string; token?: string };

  const intent = (of: Agreed, changes: Partial<ConfirmIntent> = {}): ConfirmIntent => ({
    orderId: of.orderId,
    record: of.record,
    amount: of.amount,
    currency: of.currency,
    idempotencyKey: `confirm-${of.orderId}-${of.record}`,
    ...(of.token !== undefined && { token: of.token }),
    ...changes,
  });

  /** An order that is paid (an account: issued). */
  async function paid(changes: Partial<LaunchOrder> = {}): Promise<Agreed> {
    const of = await agreed(changes);
    if (provider.needsConfirm(channel)) {
      const outcome = await provider.confirm(channel, intent(of));
      if (outcome.outcome !== 'done') throw new Error(`not paid: ${JSON.stringify(outcome)}`);
    }
    return of;
  }

  const refund = (of: Agreed, amount: number, changes: Partial<CancelIntent> = {}): CancelIntent => ({
    orderId: of.orderId,
    record: of.record,
    amount,
    currency: of.currency as Currency,
    full: amount === of.amount,
    expectedBalance: of.amount,
    reason: `rf_${++made} 고객 요청`,
    idempotencyKey: `cancel-${of.orderId}-${made}`,
    ...changes,
  });

  /** The only record under an order. */
  async function look(of: { orderId: string }) {
    const outcome = await provider.lookup(channel, { orderId: of.orderId });
    if (outcome.outcome !== 'done') throw new Error(`not found: ${JSON.stringify(outcome)}`);
    return outcome.records[0];
  }

  return { order, open, agreed, intent, paid, refund, look };
}
