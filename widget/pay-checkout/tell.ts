import type { Snapshot } from '../checkout/snapshot.js';
import { PayErrorEvent, PayReadyEvent } from './events.js';

type Page = Pick<EventTarget, 'dispatchEvent'>;

/** Tells the page that its order can be paid, or what stands in the way. `before`: the snapshot that was told last. */
export function tell(page: Page, now: Snapshot, before: Snapshot | undefined): void {
  tellObstacle(page, now, before);
  const { state, amount, currency, methods } = now;
  const isFirst = state === 'form' && (before === undefined || before.state === 'loading');
  if (isFirst && amount !== undefined && currency) page.dispatchEvent(new PayReadyEvent({ amount, currency, methods }));
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
