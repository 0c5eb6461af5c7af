import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { toMajor } from '../../../server/providers/money.js';
import type { TossChannel } from '../../../server/providers/provider.js';
import { createToss } from '../../../server/providers/toss/toss.js';
import { providerConformance } from './conformance.js';
import type { Driver, World } from './conformance-world.js';

/** The sandbox's control API, as a driver. */
function driverOf(url: string): Driver {
  async function call<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${url}/control/${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
  const sum = (entries: readonly { amount: number }[]) => entries.reduce((total, { amount }) => total + amount, 0);

  return {
    async open(launch) {
      if (launch.provider !== 'toss') throw new Error(`not a launch of Toss: ${launch.provider}`);
      const { clientKey, amount, request } = launch;
      const opened = await call<{ paymentKey: string }>('toss/open', { clientKey, amount, ...request });
      return opened.paymentKey;
    },
    authenticate: (paymentKey, instrument) => call('toss/authenticate', { paymentKey, ...instrument }),
    deposit: (paymentKey) => call('toss/deposit', { paymentKey }),
    reverseDeposit: (paymentKey) => call('toss/deposit/reverse', { paymentKey }),
    cancelInConsole: (paymentKey, amount) =>
      call('toss/cancel', { paymentKey, ...(amount !== undefined && { amount: toMajor(amount, 'KRW') }) }),
    arm: (fault) => call('faults', fault),
    advance: (ms) => call('clock', { advanceMs: ms }),
    async books(orderId) {
      type Entries = readonly { amount: number }[];
      const books = await call<Record<'charges' | 'deposits' | 'reversals' | 'cancellations', Entries>>(
        `books?orderId=${orderId}`,
      );
      return {
        charged: sum(books.charges) + sum(books.deposits) - sum(books.reversals),
        cancelled: sum(books.cancellations),
      };
    },
  };
}

const start = (product: TossChannel['product'], clientKey: string, secretKey: string) => async (): Promise<World> => {
  const { url, close } = await createSandbox().listen(0);
  const driver = driverOf(url);
  const channel: TossChannel = {
    id: 'main',
    provider: 'toss',
    environment: 'test',
    approval: 'manual',
    currencies: ['KRW', 'USD'],
    apiBase: `${url}/toss`,
    script: `${url}/toss/v2/standard`,
    clientKey,
    secretKey,
    product,
  };
  return {
    provider: createToss(),
    impatient: createToss({ timeouts: { money: 500, lookup: 500 } }),
    channel,
    secrets: [secretKey],
    wrongSecret: { ...channel, secretKey: 'test_sk_of-nobody' },
    driver,
    close,
  };
};

providerConformance('Toss payment window', true, start('window', 'test_ck_conformance', 'test_sk_conformance'));
providerConformance('Toss payment widget', true, start('widget', 'test_gck_conformance', 'test_gsk_conformance'));
