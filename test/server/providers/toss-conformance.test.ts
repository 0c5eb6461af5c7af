import { createSandbox } from '../../../demo/sandbox/sandbox.js';
import { toMajor } from '../../../server/providers/money.js';
import type { TossChannel } from '../../../server/providers/provider.js';
import { createToss } from '../../../server/providers/toss/toss.js';
import { providerConformance } from './conformance.js';
import type { Driver, Ways, World } from './conformance-world.js';
import { controlOf } from './sandbox-control.js';

/** The sandbox's control API, as a driver. */
function driverOf(url: string): Driver {
  const { call, books } = controlOf(url);
  return {
    async open(launch) {
      if (launch.provider !== 'toss') throw new Error(`not a launch of Toss: ${launch.provider}`);
      const { clientKey, amount, request } = launch;
      const opened = await call<{ paymentKey: string }>('toss/open', { clientKey, amount, ...request });
      return opened.paymentKey;
    },
    async authenticate(paymentKey, instrument) {
      await call('toss/authenticate', { paymentKey, ...instrument });
      return undefined;
    },
    deposit: (paymentKey) => call('toss/deposit', { paymentKey }),
    reverseDeposit: (paymentKey) => call('toss/deposit/reverse', { paymentKey }),
    cancelInConsole: (paymentKey, amount) =>
      call('toss/cancel', { paymentKey, ...(amount !== undefined && { amount: toMajor(amount, 'KRW') }) }),
    arm: (fault) => call('faults', fault),
    advance: (ms) => call('clock', { advanceMs: ms }),
    books,
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
    dollars: channel,
    secrets: [secretKey],
    wrongSecret: { ...channel, secretKey: 'test_sk_of-nobody' },
    driver,
    close,
  };
};

const ways: Ways = {
  needsConfirm: true,
  showsConsent: true,
  showsExpiry: true,
  tellsDeclines: true,
  tellsOtherOrders: true,
  tellsRunning: true,
  reversesDeposits: true,
};

providerConformance('Toss payment window', ways, start('window', 'test_ck_conformance', 'test_sk_conformance'));
providerConformance('Toss payment widget', ways, start('widget', 'test_gck_conformance', 'test_gsk_conformance'));
