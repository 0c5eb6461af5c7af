// The payment provider's own script: loaded when it is wanted, opened inside the click.

const loads = new Map();
const patienceMs = 15_000;

/** Loads a script once. A failure is forgotten, so that the next try is a new one. */
export function loadScript(src) {
  const known = loads.get(src);
  if (known) return known;
  const tag = Object.assign(document.createElement('script'), { src, async: true });
  const load = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('script: no answer')), patienceMs);
    tag.addEventListener('load', () => {
      clearTimeout(late);
      resolve();
    });
    tag.addEventListener('error', () => {
      clearTimeout(late);
      reject(new Error('script: not loaded'));
    });
  }).catch((error) => {
    tag.remove();
    loads.delete(src);
    throw error;
  });
  loads.set(src, load);
  document.head.append(tag);
  return load;
}

const onPhone = () => navigator.userAgentData?.mobile || /Android|iPhone|iPad|iPod|Mobile/i.test(navigator.userAgent);

/** Without its addresses the script answers with a promise, and the page stays where it is. */
function withoutAddresses({ successUrl: _success, failUrl: _fail, ...request }) {
  return request;
}

async function request(opener, wanted) {
  if (onPhone()) return opener.requestPayment(wanted);
  try {
    return await opener.requestPayment(withoutAddresses(wanted));
  } catch (error) {
    // A tablet that calls itself a computer.
    if (error.code === 'NOT_SUPPORTED_PROMISE' && wanted.successUrl) return opener.requestPayment(wanted);
    throw error;
  }
}

/** What the server is told of Toss's answer. */
const tossHint = ({ paymentKey, orderId, amount }) => ({ paymentKey, orderId, amount: amount.value });

async function openToss(launch) {
  const payment = window.TossPayments(launch.clientKey).payment({ customerKey: launch.customerKey });
  return tossHint(await request(payment, launch.request));
}

/** A code says that it is not paid. */
async function openPortOne(launch) {
  const said = await window.PortOne.requestPayment(launch.request);
  // The page is being left.
  if (!said) return new Promise(() => undefined);
  const { txId, paymentId, paymentToken, code, message } = said;
  if (code) throw Object.assign(new Error(message), { code });
  return { txId, orderId: paymentId, ...(paymentToken && { paymentToken }) };
}

/**
 * Opens the payment window of a launch. Resolves with what the provider says (a hint for verify), rejects with its error (`code`), or
 * never returns because the page went away. Call it inside a click.
 */
export const openWindow = (launch) => (launch.provider === 'portone-v2' ? openPortOne(launch) : openToss(launch));

/** What the provider knows this attempt by. */
export const orderIdOf = ({ request: { orderId, paymentId } }) => paymentId ?? orderId;

/** Mounts the provider's widget into the two places of the page. `onAgreement` hears whether the terms are agreed to. */
export async function mountWidget(launch, { methods, agreement, onAgreement }) {
  const widgets = window.TossPayments(launch.clientKey).widgets({ customerKey: launch.customerKey });
  await widgets.setAmount(launch.amount);
  await widgets.renderPaymentMethods({ selector: methods });
  const terms = await widgets.renderAgreement({ selector: agreement });
  terms.on('agreementStatusChange', ({ agreedRequiredTerms }) => onAgreement(agreedRequiredTerms));
  return {
    setAmount: (amount) => widgets.setAmount(amount),
    open: async (next) => tossHint(await request(widgets, next.request)),
  };
}
