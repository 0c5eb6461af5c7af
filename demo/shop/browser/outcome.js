import { Problem } from './api.js';
import { show } from './dom.js';
import { isUnderWay, refundView } from './refund-view.js';
import * as results from './result-view.js';
import { texts } from './texts.js';

/** What the shopper sees of it: not every revision changes that. */
const seen = ({ status, refundedAmount, refunds }) => JSON.stringify([status, refundedAmount, refunds]);

const isOver = ({ status, refunds = [] }) =>
  status !== 'paid' && status !== 'partially_refunded' && !refunds.some(isUnderWay);

function panelOf(session, back, refunds) {
  switch (session.status) {
    case 'canceled':
    case 'expired': {
      const [title, note] =
        session.status === 'canceled' ? [texts.ended, texts.endedNote] : [texts.expired, texts.expiredNote];
      const action = [...refunds, results.link(back, texts.home)];
      return results.ended(title, session.refunds?.length > 0 ? texts.lateNote : note, action);
    }
    default:
      return results.receipt(session, back, refunds);
  }
}

/** Shows how a payment ended, and goes on showing what becomes of it: money that goes back, an account that it waits for. */
export async function showOutcome(checkout, back) {
  const onAccount = async (refund, account) => {
    try {
      await checkout.giveAccount(refund, account);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.passing) return texts.offline;
      return error.status === 400 ? texts.accountInvalid : texts.accountRefused;
    }
  };
  let shown;
  for (;;) {
    const { session } = checkout;
    const now = seen(session);
    if (now !== shown) {
      const refunds = (session.refunds ?? []).filter(isUnderWay).map((refund) => refundView(refund, onAccount));
      show('result', panelOf(session, back, refunds));
    }
    shown = now;
    if (isOver(session)) return;
    try {
      await checkout.news();
    } catch (error) {
      // The token is too old to be told more; what is shown stays true as of now.
      if (error instanceof Problem) return;
      throw error;
    }
  }
}
