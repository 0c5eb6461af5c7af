import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultOrder, Faults } from '../../../demo/sandbox/faults.js';
import type { Random } from './random.js';

/** What goes wrong at the provider; the commoner the more often it stands here. A call that never answers would hold a verify for a minute. */
const usual: readonly FaultOrder[] = [
  { on: 'confirm', kind: 'charge_then_drop' },
  { on: 'confirm', kind: 'charge_then_drop' },
  { on: 'confirm', kind: 'charge_then_500' },
  { on: 'confirm', kind: 'charge_then_500' },
  { on: 'confirm', kind: 'charge_then_html' },
  { on: 'confirm', kind: 'error_500_without_charge' },
  { on: 'confirm', kind: 'in_progress' },
  { on: 'confirm', kind: 'drop' },
  { on: 'confirm', kind: 'html' },
  { on: 'confirm', kind: 'slow', ms: 700 },
  { on: 'confirm', kind: 'slow', ms: 250 },
  { on: 'lookup', kind: 'drop' },
  { on: 'lookup', kind: '500' },
  { on: 'lookup', kind: 'html' },
  { on: 'lookup', kind: 'not_found_once' },
  { on: 'lookup', kind: 'slow', ms: 300 },
  { on: 'pre_register', kind: 'drop' },
  { on: 'pre_register', kind: '500' },
  { on: 'token', kind: 'drop' },
  { on: 'token', kind: '500' },
];

/** How the providers' webhooks go wrong; the first attempt of it, then it comes as it should. */
const webhooks: readonly FaultOrder[] = [
  { on: 'webhook', kind: 'before_reply' },
  { on: 'webhook', kind: 'before_reply' },
  { on: 'webhook', kind: 'twice' },
  { on: 'webhook', kind: 'twice' },
  { on: 'webhook', kind: 'reversed' },
  { on: 'webhook', kind: 'reversed' },
  { on: 'webhook', kind: 'late', ms: 1_500 },
  { on: 'webhook', kind: 'late' },
  { on: 'webhook', kind: 'never' },
  { on: 'webhook', kind: 'never' },
  { on: 'webhook', kind: 'forged' },
  { on: 'webhook', kind: 'unsigned' },
  { on: 'webhook', kind: 'old' },
  { on: 'webhook', kind: 'not_json' },
  { on: 'webhook', kind: 'other_version' },
  { on: 'webhook', kind: 'unknown_type' },
];

/** Only a few: more of these in an hour would stop the automatic refunds. */
const rare: readonly FaultOrder[] = [
  { on: 'confirm', kind: 'wrong_amount' },
  { on: 'confirm', kind: 'wrong_amount', amount: 100 },
  { on: 'confirm', kind: 'wrong_currency' },
  { on: 'approve', kind: 'wrong_amount' },
  { on: 'approve', kind: 'wrong_amount', amount: 100 },
  // Of V1 alone: PortOne V2 shows one success of an order, whatever it did.
  { on: 'approve', kind: 'duplicate_order', provider: 'portone-v1' },
  { on: 'approve', kind: 'duplicate_order', provider: 'portone-v1' },
];

/** Slow ones too: so that servers die while the provider is giving back. */
const refunds: readonly FaultOrder[] = [
  { on: 'cancel', kind: 'cancel_then_drop' },
  { on: 'cancel', kind: 'cancel_then_500' },
  { on: 'cancel', kind: 'cancel_then_html' },
  { on: 'cancel', kind: 'cancel_500' },
  { on: 'cancel', kind: 'in_progress' },
  { on: 'cancel', kind: 'drop' },
  { on: 'cancel', kind: 'slow', ms: 300 },
  { on: 'cancel', kind: 'slow', ms: 600 },
  { on: 'cancel', kind: 'slow', ms: 600 },
  { on: 'cancel', kind: 'slow', ms: 900 },
  { on: 'cancel', kind: 'slow', ms: 900 },
];

/** As many wait for a call at most: where few calls come, more would be an outage that nobody gets through. */
const waitingAtMost = 3;

/** Arms one fault after another until `signal` aborts; then all that was not used is taken away. */
export async function stir(faults: Faults, random: Random, signal: AbortSignal): Promise<void> {
  const seldom = [...rare];
  const arm = (order: FaultOrder) => {
    const waiting = faults.armed().filter(({ on }) => on === order.on).length;
    // A server asks for one token in its life.
    if (waiting < (order.on === 'token' ? 1 : waitingAtMost)) faults.arm(order);
  };
  while (!signal.aborted) {
    await sleep(random.between(60, 260), undefined, { signal }).catch(() => undefined);
    const next = random.chance(0.06) ? seldom.pop() : undefined;
    if (next) faults.arm(next);
    else arm(random.pick(usual));
    arm(random.pick(webhooks));
    if (random.chance(0.7)) arm(random.pick(refunds));
  }
  faults.clear();
}
