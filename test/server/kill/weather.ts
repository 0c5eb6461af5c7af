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
];

/** Only a few: more of these in an hour would stop the automatic refunds. */
const rare: readonly FaultOrder[] = [
  { on: 'confirm', kind: 'wrong_amount' },
  { on: 'confirm', kind: 'wrong_amount', amount: 100 },
  { on: 'confirm', kind: 'wrong_currency' },
];

/** For the refunds that follow from wrong amounts. */
const refunds: readonly FaultOrder[] = [
  { on: 'cancel', kind: 'cancel_then_drop' },
  { on: 'cancel', kind: 'cancel_then_500' },
  { on: 'cancel', kind: 'drop' },
];

/** Arms one fault after another until `signal` aborts; then all that was not used is taken away. */
export async function stir(faults: Faults, random: Random, signal: AbortSignal): Promise<void> {
  for (const fault of refunds) faults.arm(fault);
  const seldom = [...rare];
  while (!signal.aborted) {
    await sleep(random.between(60, 260), undefined, { signal }).catch(() => undefined);
    const next = random.chance(0.06) ? seldom.pop() : undefined;
    faults.arm(next ?? random.pick(usual));
  }
  faults.clear();
}
