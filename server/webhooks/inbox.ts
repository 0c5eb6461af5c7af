import type { ProviderName } from '../../contract/index.js';
import type { Clock } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import type { PaymentCollection } from '../payments/deps.js';
import { attemptOf, type Payment, parseOrderId } from '../payments/payment.js';
import type { Settler } from '../payments/settle.js';
import type { ProviderWebhook } from '../providers/webhook.js';
import type { Vault } from '../secrets/vault.js';
import {
  entryId,
  type InboxCollection,
  type InboxEntry,
  keepMs,
  lookAgainMs,
  type NewEntry,
  processed,
  secretOf,
} from './entry.js';
import { isKnown } from './known.js';
import { createUnknownOrders } from './unknown-orders.js';

export interface InboxDeps {
  readonly inbox: InboxCollection;
  readonly payments: PaymentCollection;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly log: Logger;
  readonly settler: Pick<Settler, 'heard'>;
  /** There is due work now. */
  readonly due: () => void;
}

/** A webhook that was not refused. */
export type Readable = Exclude<ProviderWebhook, { authentic: false }>;

export interface Inbox {
  /**
   * Resolves once whatever must not be lost is stored; the work comes after. Safe to repeat: a signed webhook is stored once under its own
   * id, and of unsigned ones one waits for each order. Throws only what the store throws: the provider must send it again then.
   */
  receive(merchant: string, provider: ProviderName, webhook: Readable, raw: string): Promise<void>;
}

/** Store first: what a provider was told is ours ("200") is in the store. */
export function createInbox(deps: InboxDeps): Inbox {
  const { inbox, clock, log } = deps;
  const unknown = createUnknownOrders(deps);
  return {
    async receive(merchant, provider, webhook, raw) {
      const about = { merchant, provider, operation: webhook.event };
      if (webhook.kind !== 'payment' || !webhook.about) return log.info('provider_webhook_ignored', about);
      const entry = entryOf(deps, merchant, provider, webhook, raw);
      const payment = await ourPayment(deps, entry);
      if (!payment) {
        log.warn('provider_webhook_unknown_order', about);
        const now = clock.now();
        const { becomes, secret: _secret, ...bare } = entry;
        return unknown.keep({ ...bare, id: becomes ?? entry.id, state: 'unknown_order', dueAt: now + keepMs });
      }
      // Kept all the same, for the list of what came.
      if (isKnown(entry, payment)) return void (await inbox.insert(processed(entry, clock.now())));
      // A lookup that is under way began too early for this one: there is no use in looking at it before its turn.
      const late = mustWait(deps, entry, payment);
      const waiting = late ? { ...entry, dueAt: entry.dueAt + lookAgainMs } : entry;
      const { ok } = await inbox.insert(waiting);
      if ((ok || (webhook.authentic === true && (await revived(deps, waiting)))) && !late) deps.due();
    },
  };
}

function mustWait({ settler }: InboxDeps, { signed, orderId, heardAt }: NewEntry, payment: Payment): boolean {
  const parsed = signed && orderId !== undefined ? parseOrderId(orderId) : undefined;
  return parsed !== undefined && settler.heard(payment.id, parsed.attempt, heardAt) === 'not_asked';
}

function entryOf(
  { clock, vault }: InboxDeps,
  merchant: string,
  provider: ProviderName,
  webhook: Readable,
  raw: string,
): NewEntry {
  const now = clock.now();
  const { event, says, secret, needsSecret } = webhook;
  const signed = webhook.authentic === true;
  const orderId = webhook.about?.orderId;
  const place = { merchant, provider, ...(orderId !== undefined && { orderId }) };
  const order = orderId ?? raw;
  return {
    ...place,
    id: signed
      ? entryId('message', merchant, provider, webhook.id ?? raw)
      : entryId('waiting', merchant, provider, order),
    ...(!signed && { becomes: entryId('order', merchant, provider, order) }),
    event,
    signed,
    ...(signed && says && { says, ...(webhook.about?.record !== undefined && { record: webhook.about.record }) }),
    receivedAt: now,
    heardAt: now,
    state: 'waiting',
    tries: 0,
    ...(secret !== undefined && { secret: vault.seal(secret, secretOf(place)) }),
    ...(needsSecret && { needsSecret }),
    dueAt: now,
  };
}

/** An attempt of this merchant, through this provider. It was stored before the browser could open anything. */
async function ourPayment(
  { payments }: InboxDeps,
  { merchant, provider, orderId }: NewEntry,
): Promise<Payment | undefined> {
  const parsed = orderId === undefined ? undefined : parseOrderId(orderId);
  const payment = parsed && (await payments.get(parsed.payment));
  const isOurs = payment?.merchant === merchant && attemptOf(payment, parsed?.attempt ?? 0)?.provider === provider;
  return isOurs ? payment : undefined;
}

/** The same message again. What was processed stays so, what waits goes on waiting; what was given up waits anew. */
async function revived({ inbox }: InboxDeps, entry: NewEntry): Promise<boolean> {
  const stored: InboxEntry | undefined = await inbox.get(entry.id);
  if (stored?.state !== 'given_up') return false;
  return (await inbox.replace({ ...entry, rev: stored.rev, v: stored.v })).ok;
}
