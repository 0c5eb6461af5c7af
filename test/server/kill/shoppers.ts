import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Method } from '../../../contract/index.js';
import type { Sandbox } from '../../../demo/sandbox/sandbox.js';
import type { TossSession } from '../../support/world.js';
import type { Browser } from './browser.js';
import type { Random } from './random.js';
import { agree as agreeInWindow, customerToken, deposit, type Shop } from './shops.js';

/** What one shopper did and was told. */
export interface Visit {
  readonly payment: string;
  /** A verify answered 200 and `paid`. */
  sawPaid: boolean;
  /** Verifies once more: the shopper comes back to the page. */
  comeBack(browser: Browser): Promise<unknown>;
}

export interface Street {
  readonly browser: Browser;
  readonly random: Random;
  readonly sandbox: Sandbox;
  readonly sandboxUrl: string;
  readonly shop: Shop;
}

interface Page extends Visit {
  readonly session: TossSession;
  readonly method: Method;
  /** A verify's body, once the shopper agreed. */
  hint: Record<string, unknown>;
}

const verifyPath = '/payments/verify';
/** Verifies before a shopper who hears "not known yet" leaves. */
const patience = 6;

const tokenOf = ({ session }: Page) => ({ token: session.clientSecret as string });
const think = (random: Random) => sleep(random.between(5, 150));

/** Opens a session. The Idempotency-Key makes a repeat of a lost request the same session. */
async function open({ browser, random, shop }: Street): Promise<Page> {
  const method = random.pick(shop.methods);
  const person = shop.people && random.pick(shop.people);
  const answer = await browser.ask('POST', '/payments/sessions', {
    token: shop.publishableKey,
    origin: shop.origin,
    headers: { 'idempotency-key': randomUUID() },
    body: {
      items: [{ item: 'coffee', quantity: random.between(1, 10) }],
      returnUrls: { page: `${shop.origin}/products/7` },
      prepare: { method },
      ...(person !== undefined && { customerToken: await customerToken(shop, person) }),
    },
  });
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`session: ${JSON.stringify(answer)}`);
  const session = answer.body;
  const page: Page = {
    ...{ session, method },
    payment: session.payment,
    sawPaid: false,
    hint: { session: session.id },
    comeBack: (other) => verify(page, other),
  };
  return page;
}

/** Agrees in the provider's window for this session as it was last prepared; what a verify then says of it. */
async function agree({ method }: Page, session: TossSession, { sandboxUrl, shop }: Street): Promise<Page['hint']> {
  const orderId = session.attempt?.orderId as string;
  return {
    session: session.id,
    ...(await agreeInWindow(sandboxUrl, shop, { orderId, amount: session.amount, method })),
  };
}

/** The order that a hint is about. */
const orderOf = ({ hint }: Page): string => String(hint.orderId);

/** Once. True when there is nothing more to wait for. */
async function verify(page: Page, browser: Browser): Promise<boolean> {
  const answer = await browser.ask('POST', verifyPath, { ...tokenOf(page), body: page.hint });
  const paid = answer.status === 200 && answer.body.status === 'paid';
  if (paid) page.sawPaid = true;
  return answer.status !== 202;
}

/** As a page does: until it is known, or the shopper has had enough. */
async function verifyPatiently(page: Page, { browser, random }: Street): Promise<void> {
  for (let left = patience; left > 0; left--) {
    if (await verify(page, browser)) return;
    await sleep(random.between(50, 400));
  }
}

type Plan = (page: Page, street: Street) => Promise<void>;

const pays: Plan = async (page, street) => {
  page.hint = await agree(page, page.session, street);
  await think(street.random);
  await verifyPatiently(page, street);
};

const verifiesTwiceAtOnce: Plan = async (page, street) => {
  page.hint = await agree(page, page.session, street);
  await Promise.all([verifyPatiently(page, street), verifyPatiently(page, street), verify(page, street.browser)]);
};

/** Whoever leaves at the first error page leaves money under way to the due work alone. */
const leavesAtAnError: Plan = async (page, street) => {
  page.hint = await agree(page, page.session, street);
  await think(street.random);
  await street.browser.sendAndLeave('POST', verifyPath, { ...tokenOf(page), body: page.hint }, 2_000);
};

const closesTheTab: Plan = async (page, street) => {
  page.hint = await agree(page, page.session, street);
  const call = { ...tokenOf(page), body: page.hint };
  await street.browser.sendAndLeave('POST', verifyPath, call, street.random.between(1, 120));
};

const neverReturns: Plan = async (page, street) => {
  const { browser, random } = street;
  const call = { ...tokenOf(page), body: { attempt: page.session.attempt?.no } };
  await browser.ask('POST', `/payments/sessions/${page.session.id}/launched`, call);
  if (random.chance(0.5)) page.hint = await agree(page, page.session, street);
};

const cancelsMeanwhile: Plan = async (page, street) => {
  const { browser, random } = street;
  page.hint = await agree(page, page.session, street);
  const cancel = async () => {
    await sleep(random.between(0, 150));
    await browser.ask('POST', `/payments/sessions/${page.session.id}/cancel`, { ...tokenOf(page), body: {} });
  };
  await Promise.all([verifyPatiently(page, street), cancel()]);
};

/** Opens the window, changes the quantity, prepares again, and comes back from both windows. */
const paysInAnOldWindow: Plan = async (page, street) => {
  const { browser, random } = street;
  const path = `/payments/sessions/${page.session.id}`;
  page.hint = await agree(page, page.session, street);
  const old = page.hint;
  const quantity = (page.session.lines[0]?.quantity ?? 1) === 1 ? 2 : 1;
  const patched = await browser.ask('PATCH', path, { ...tokenOf(page), body: { quantity } });
  const again = { ...tokenOf(page), body: { method: page.method } };
  const prepared = await browser.ask('POST', `${path}/prepare`, again);
  if (patched.status === 200 && prepared.status === 200) {
    page.hint = await agree(page, prepared.body, street);
  }
  const oldWindow = browser.ask('POST', verifyPath, { ...tokenOf(page), body: old });
  await think(random);
  await Promise.all([oldWindow, verifyPatiently(page, street)]);
};

/** What shoppers do, and how often out of twenty. */
const plans: readonly Plan[] = [
  ...Array.from({ length: 6 }, () => pays),
  ...Array.from({ length: 3 }, () => verifiesTwiceAtOnce),
  ...Array.from({ length: 5 }, () => leavesAtAnError),
  ...Array.from({ length: 2 }, () => closesTheTab),
  ...Array.from({ length: 2 }, () => cancelsMeanwhile),
  paysInAnOldWindow,
  neverReturns,
];

/** One shopper, from the product's page to the end or to a closed tab; then to the bank, where that is how it is paid. */
export async function visit(street: Street): Promise<Visit> {
  const { random, sandbox } = street;
  const page = await open(street);
  await think(random);
  await random.pick(plans)(page, street);
  if (page.method === 'virtual_account' && random.chance(0.8)) {
    await think(random);
    deposit(sandbox, orderOf(page));
  }
  return page;
}
