// Must be the first module that runs: it takes what a redirect brought out of the address, before anything else can see it there.

/** By Toss's names; PortOne's own name for the order id is `paymentId`. */
const fromProvider = {
  ...{ paymentKey: 'paymentKey', orderId: 'orderId', amount: 'amount', paymentType: 'paymentType' },
  ...{ paymentId: 'orderId', txId: 'txId', paymentToken: 'paymentToken' },
  ...{ code: 'code', message: 'message' },
};
/** Said by PortOne, and of no use here. */
const besides = ['transactionType', 'pgCode', 'pgMessage'];

/** Replaces the address by one without what was taken. What must survive a reload is kept with the entry of the history. */
const settleAddress = (url, payment) => window.history.replaceState({ payment }, '', url);

function fromRedirect(url) {
  const session = url.searchParams.get('pc_session');
  const token = url.searchParams.get('pc_return');
  if (!session || !token) return undefined;
  const hint = {};
  for (const [name, as] of Object.entries(fromProvider)) {
    const value = url.searchParams.get(name);
    if (value) hint[as] = value;
  }
  for (const name of ['pc_session', 'pc_return', ...Object.keys(fromProvider), ...besides])
    url.searchParams.delete(name);
  return { session, token, hint };
}

/** `#session=cs_…&secret=…`: a session that was made elsewhere. A fragment reaches no server and no log. */
function fromFragment(url) {
  const given = new URLSearchParams(url.hash.slice(1));
  const session = given.get('session');
  const secret = given.get('secret');
  if (!session || !secret) return undefined;
  url.hash = '';
  return { session, token: secret };
}

function take() {
  const url = new URL(window.location.href);
  const found = fromRedirect(url) ?? fromFragment(url);
  if (found) settleAddress(url.href.replace(/#$/, ''), found);
  return found ?? window.history.state?.payment;
}

/** The payment this page is about: `{ session, token, hint? }`, or undefined. The same again after a reload. */
export const arrived = take();

export const keepForReload = (payment) => settleAddress(window.location.href, payment);
