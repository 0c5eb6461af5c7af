import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { control, createCall } from '../../support/shopper.js';
import type { TossSession } from '../../support/world.js';
import type { Browser } from './browser.js';
import type { Random } from './random.js';

/** What one shopper did and was told. */
export interface Visit {
  readonly payment: string;
  /** A verify answered 200 and `paid`. */
  sawPaid: boolean;
  /** Verifies once more: the shopper comes back to the page. */
  comeBack(browser: Browser): Promise<unknown>;
}

export interface Shop {
  readonly browser: Browser;
  readonly random: Random;
  readonly sandboxUrl: string;
}

interface Page extends Visit {
  readonly session: TossSession;
  /** A verify's body, once the shopper agreed. */
  hint: Record<string, unknown>;
}

const verifyPath = '/payments/verify';
/** Verifies before a shopper who hears "not known yet" leaves. */
const patience = 6;

const tokenOf = ({ session }: Page) => ({ token: session.clientSecret as string });
const think = (random: Random) => sleep(random.between(5, 150));

/** Opens a session. The Idempotency-Key makes a repeat of a lost request the same session. */
async function open({ browser, random }: Shop): Promise<Page> {
  const answer = await browser.ask('POST', '/payments/sessions', {
    ...createCall,
    headers: { 'idempotency-key': randomUUID() },
    body: { ...(createCall.body as object), items: [{ item: 'coffee', quantity: random.between(1, 10) }] },
  });
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`session: ${JSON.stringify(answer)}`);
  const session = answer.body;
  const page: Page = {
    session,
    payment: session.payment,
    sawPaid: false,
    hint: { session: session.id },
    comeBack: (other) => verify(page, other),
  };
  return page;
}

/** Agrees in the provider's window for this session as it was last prepared; what a verify then says of it. */
async function agree(session: TossSession, { sandboxUrl }: Shop): Promise<Page['hint']> {
  const orderId = session.launch?.request.orderId;
  const amount = session.amount;
  const paid = await control({ sandboxUrl }, 'toss/pay', {
    clientKey: 'test_ck_blog',
    orderId,
    amount,
    method: 'card',
  });
  return { session: session.id, orderId, paymentKey: paid.paymentKey, amount };
}

/** Once. True when there is nothing more to wait for. */
async function verify(page: Page, browser: Browser): Promise<boolean> {
  const answer = await browser.ask('POST', verifyPath, { ...tokenOf(page), body: page.hint });
  const paid = answer.status === 200 && answer.body.status === 'paid';
  if (paid) page.sawPaid = true;
  return answer.status !== 202;
}

/** As a page does: until it is known, or the shopper has had enough. */
async function verifyPatiently(page: Page, { browser, random }: Shop): Promise<void> {
  for (let left = patience; left > 0; left--) {
    if (await verify(page, browser)) return;
    await sleep(random.between(50, 400));
  }
}

type Plan = (page: Page, shop: Shop) => Promise<void>;

const pays: Plan = async (page, shop) => {
  page.hint = await agree(page.session, shop);
  await think(shop.random);
  await verifyPatiently(page, shop);
};

const verifiesTwiceAtOnce: Plan = async (page, shop) => {
  page.hint = await agree(page.session, shop);
  await Promise.all([verifyPatiently(page, shop), verifyPatiently(page, shop), verify(page, shop.browser)]);
};

/** Whoever leaves at the first error page leaves money under way to the due work alone. */
const leavesAtAnError: Plan = async (page, shop) => {
  page.hint = await agree(page.session, shop);
  await think(shop.random);
  await shop.browser.sendAndLeave('POST', verifyPath, { ...tokenOf(page), body: page.hint }, 2_000);
};

const closesTheTab: Plan = async (page, shop) => {
  page.hint = await agree(page.session, shop);
  const call = { ...tokenOf(page), body: page.hint };
  await shop.browser.sendAndLeave('POST', verifyPath, call, shop.random.between(1, 120));
};

const neverReturns: Plan = async (page, shop) => {
  const { browser, random } = shop;
  const call = { ...tokenOf(page), body: { attempt: page.session.attempt?.no } };
  await browser.ask('POST', `/payments/sessions/${page.session.id}/launched`, call);
  if (random.chance(0.5)) page.hint = await agree(page.session, shop);
};

const cancelsMeanwhile: Plan = async (page, shop) => {
  const { browser, random } = shop;
  page.hint = await agree(page.session, shop);
  const cancel = async () => {
    await sleep(random.between(0, 150));
    await browser.ask('POST', `/payments/sessions/${page.session.id}/cancel`, { ...tokenOf(page), body: {} });
  };
  await Promise.all([verifyPatiently(page, shop), cancel()]);
};

/** Opens the window, changes the quantity, prepares again, and comes back from both windows. */
const paysInAnOldWindow: Plan = async (page, shop) => {
  const { browser, random } = shop;
  const path = `/payments/sessions/${page.session.id}`;
  page.hint = await agree(page.session, shop);
  const old = page.hint;
  const quantity = (page.session.lines[0]?.quantity ?? 1) === 1 ? 2 : 1;
  const patched = await browser.ask('PATCH', path, { ...tokenOf(page), body: { quantity } });
  const prepared = await browser.ask('POST', `${path}/prepare`, { ...tokenOf(page), body: { method: 'card' } });
  if (patched.status === 200 && prepared.status === 200) {
    page.hint = await agree(prepared.body, shop);
  }
  const oldWindow = browser.ask('POST', verifyPath, { ...tokenOf(page), body: old });
  await think(random);
  await Promise.all([oldWindow, verifyPatiently(page, shop)]);
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

/** One shopper, from the product's page to the end or to a closed tab. */
export async function visit(shop: Shop): Promise<Visit> {
  const page = await open(shop);
  await think(shop.random);
  await shop.random.pick(plans)(page, shop);
  return page;
}
