import { Problem } from './api.js';
import { itemOf } from './catalogue.js';
import { config, h, show } from './dom.js';
import { orderView } from './order-view.js';
import { showOutcome } from './outcome.js';
import { loadScript, mountWidget, openWindow, orderIdOf } from './provider.js';
import * as results from './result-view.js';
import { texts } from './texts.js';

export const homeUrl = () => `${window.location.pathname}${config.language === 'en' ? '?lang=en' : ''}`;

/** The page's own way back; a page that pays one session has none. */
const back = () => (config.view === 'pay' ? undefined : homeUrl());

const canceledCodes = new Set(['USER_CANCEL', 'PAY_PROCESS_CANCELED', 'PAYMENT_REQUEST_ABORTED']);
/** The shopper can mend these in the widget; no window was opened. */
const inWidget = {
  NEED_AGREEMENT_WITH_REQUIRED_TERMS: texts.needAgreement,
  NOT_SELECTED_PAYMENT_METHOD: texts.chooseMethod,
};

export function problemText(error) {
  if (!(error instanceof Problem)) return texts.noScript;
  if (error.code === 'amount_mismatch' || error.code === 'payment_reference_mismatch') return texts.mismatch;
  if (error.status === 401 || error.status === 404) return texts.noSession;
  return error.passing ? texts.offline : texts.wrong;
}

/** Why an open payment is not paid, for the shopper; `code`: what the provider's window said. */
function noticeOf({ attempt, failure }, code) {
  if (canceledCodes.has(failure?.code ?? code)) return [texts.canceled];
  if (failure) {
    const reason = config.language === 'ko' && failure.message ? failure.message : texts.declined;
    return [`${reason}${failure.retryable ? '' : ` ${texts.otherMeans}`}`, 'bad'];
  }
  if (code) return [`${texts.declined} (${code})`, 'bad'];
  return attempt && attempt.state !== 'prepared' ? [texts.unfinished] : [];
}

/** Shows how the payment stands; an open one can be paid. */
export async function showStanding(checkout, { code, notice } = {}) {
  const { session } = checkout;
  if (session.processing) {
    show('result', results.waiting());
    await checkout.verify();
    return showStanding(checkout);
  }
  switch (session.status) {
    case 'pending':
      return showAccount(checkout);
    case 'open':
      return showOrder(checkout, notice ?? noticeOf(session, code));
    default:
      return showOutcome(checkout, homeUrl());
  }
}

async function showAccount(checkout) {
  const left = new AbortController();
  const moveOn = () => {
    left.abort();
    return showStanding(checkout);
  };
  const check = async (button, said) => {
    button.disabled = true;
    try {
      const session = await checkout.verify();
      if (session.status !== 'pending') return moveOn();
      said.textContent = texts.notYet;
    } catch (error) {
      said.textContent = problemText(error);
    }
    button.disabled = false;
  };
  show('result', results.account(checkout.session, homeUrl(), check));
  try {
    let session = checkout.session;
    while (session.status === 'pending') session = await checkout.news(left.signal);
    await moveOn();
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
}

async function showOrder(checkout, [text, tone]) {
  if (!checkout.payable) {
    return show('result', results.ended(texts.unpaid, text, results.link(homeUrl(), texts.home, 'button')));
  }
  await checkout.ready();
  const { launch, session } = checkout;
  const widget = launch.kind === 'widget';
  // On its way while the shopper reads; a failure is told at the click, which tries again.
  loadScript(launch.script).catch(() => undefined);
  const [line] = session.lines;
  const max = config.view === 'pay' || !line.item ? 1 : (await itemOf(line.item)).maxQuantity;
  let opener;

  /** What can't go on here may go on elsewhere: paid in another tab, expired meanwhile. */
  const recover = async (error) => {
    if (error instanceof Problem && error.status === 409) {
      await checkout.read();
      return showStanding(checkout, { notice: [problemText(error), 'bad'] });
    }
    view.notice(problemText(error), 'bad');
    view.busy();
  };

  const update = async (wish) => {
    view.busy(texts.preparing);
    try {
      await checkout.want(wish);
      view.amount(checkout.session.amount);
      if (opener) await opener.setAmount(checkout.launch.amount);
      view.busy();
    } catch (error) {
      await recover(error);
    }
  };

  /** One press at a time: a second one finds the button off. */
  const pay = async () => {
    view.notice();
    view.busy(texts.preparing);
    try {
      await Promise.all([loadScript(launch.script), checkout.ready()]);
      // What took so long that the click is forgotten needs another one, or the browser blocks the window.
      if (window.navigator.userActivation?.isActive === false) return view.busy(texts.openWindow, { press: true });
      await openAndVerify(checkout, view, opener);
    } catch (error) {
      await recover(error);
    }
  };

  const view = orderView(
    session,
    { method: checkout.method, widget, max, back: back() },
    {
      ...(max > 1 && { onQuantity: (quantity) => update({ quantity }) }),
      onMethod: (method) => update({ method }),
      onPay: pay,
    },
  );
  view.amount(session.amount);
  view.notice(text, tone);
  show('order', view.node);
  if (!widget) return view.busy();

  view.busy(texts.preparing);
  await loadScript(launch.script);
  opener = await mountWidget(launch, {
    methods: '#payment-methods',
    agreement: '#agreement',
    onAgreement: (agreed) => view.notice(agreed ? '' : texts.needAgreement),
  });
  view.busy();
}

async function openAndVerify(checkout, view, opener) {
  const launch = checkout.launched();
  view.busy(texts.opening);
  let hint;
  try {
    hint = await (opener ? opener.open(launch) : openWindow(launch));
  } catch (error) {
    if (!error.code) throw error;
    if (inWidget[error.code]) {
      view.notice(inWidget[error.code]);
      return view.busy();
    }
    hint = { orderId: orderIdOf(launch), code: error.code, message: String(error.message).slice(0, 300) };
  }
  view.busy(texts.verifying);
  const session = await checkout.verify(hint, () => show('result', results.waiting()));
  const stays = session.status === 'open' && !session.processing && view.node.isConnected;
  if (!stays) return showStanding(checkout, hint);
  view.notice(...noticeOf(session, hint.code));
  view.busy();
}

export const showProblem = (error) =>
  show(
    'result',
    results.ended(
      problemText(error),
      undefined,
      h('button', { type: 'button', className: 'button', onclick: () => window.location.reload() }, texts.retry),
    ),
  );
