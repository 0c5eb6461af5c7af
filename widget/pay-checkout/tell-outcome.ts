import type { Snapshot } from '../checkout/snapshot.js';
import type { Destinations } from './destinations.js';
import { PayCancelEvent, type PayDetail, PayFailEvent, PayPendingEvent, PaySuccessEvent } from './outcome-events.js';

/**
 * Tells the page what became of a payment: one event for each end, and then its default action, unless the page prevented it.
 * `before`: the snapshot that was told last. `leave` goes to a URL; the payment's session goes along.
 */
export function tellOutcome(
  page: Pick<EventTarget, 'dispatchEvent'>,
  now: Snapshot,
  before: Snapshot | undefined,
  own: Destinations,
  leave: (url: string, session: string | undefined) => void,
): void {
  const { session, outcome, state } = now;
  if (state === before?.state) return;
  const detail: PayDetail | undefined = session && {
    session: session.id,
    payment: session.payment,
    amount: session.amount,
    currency: session.currency,
    resumed: now.resumed,
  };
  const given = session?.returnUrls ?? {};
  const send = (event: Event, url?: string) => {
    if (page.dispatchEvent(event) && url) leave(url, session?.id);
  };
  switch (state) {
    case 'success':
      if (detail) send(new PaySuccessEvent(detail), own.success ?? given.success);
      return;
    case 'pending': {
      if (!detail || !session) return;
      const { bank, number, dueAt } = session.account ?? {};
      const account = bank && number ? { account: { bank, number, ...(dueAt && { dueAt }) } } : {};
      if (before?.state !== 'verifying' || !before.session?.account)
        send(new PayPendingEvent({ ...detail, ...account }));
      return;
    }
    case 'failed': {
      if (!outcome || !('reason' in outcome)) return;
      const { kind: _kind, ...why } = outcome;
      send(new PayFailEvent({ ...detail, ...why }), own.fail ?? given.fail);
      return;
    }
    case 'canceled':
      if (detail) send(new PayCancelEvent(detail), own.cancel ?? given.cancel);
      return;
    default:
  }
}
