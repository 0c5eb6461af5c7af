import type { Snapshot } from '../checkout/snapshot.js';
import {
  PayCancelEvent,
  type PayDetail,
  PayErrorEvent,
  PayFailEvent,
  PayPendingEvent,
  PayReadyEvent,
  PaySuccessEvent,
} from './events.js';

/** Where the page wants the shopper to go. */
export interface Destinations {
  success?: string | undefined;
  fail?: string | undefined;
  cancel?: string | undefined;
}

interface Page {
  dispatchEvent(event: Event): boolean;
  destinations(): Destinations;
  /** Goes to a URL; the payment's session goes along. */
  leave(url: string, session: string | undefined): void;
}

/**
 * Tells the page what became of a checkout: one event for each step, and then its default action, unless the page prevented it.
 * `before`: the snapshot that was told last.
 */
export function tell(page: Page, now: Snapshot, before: Snapshot | undefined): void {
  const { session, outcome } = now;
  const detail: PayDetail | undefined = session && {
    session: session.id,
    payment: session.payment,
    amount: session.amount,
    currency: session.currency,
    resumed: now.resumed,
  };
  const own = page.destinations();
  const given = session?.returnUrls ?? {};
  const send = (event: Event, url?: string) => {
    if (page.dispatchEvent(event) && url) page.leave(url, session?.id);
  };
  tellObstacle(page, now, before);
  if (now.state === before?.state) return;
  switch (now.state) {
    case 'form': {
      const { amount, currency, methods } = now;
      const isFirst = before === undefined || before.state === 'loading';
      if (isFirst && amount !== undefined && currency) send(new PayReadyEvent({ amount, currency, methods }));
      return;
    }
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

function tellObstacle(page: Page, { mistake, notice }: Snapshot, before: Snapshot | undefined): void {
  const obstacle = notice?.kind === 'obstacle' ? notice.obstacle : undefined;
  const was = before?.notice?.kind === 'obstacle' ? before.notice.obstacle : undefined;
  const detail =
    mistake && mistake !== before?.mistake
      ? ({ kind: 'mistake', ...mistake } as const)
      : obstacle && obstacle !== was
        ? ({ kind: 'unavailable', code: obstacle, detail: obstacle } as const)
        : undefined;
  if (detail && page.dispatchEvent(new PayErrorEvent(detail)) && detail.kind === 'mistake') {
    console.error(`<pay-checkout> ${detail.code}: ${detail.detail}`);
  }
}
