import type { EventAbout, EventType } from '../../contract/index.js';
import type { Instant } from '../ops/clock.js';
import type { Json } from '../store/store.js';
import type { PaymentCollection } from './deps.js';
import type { OutboxEntry, Payment } from './payment.js';
import { instant } from './views.js';

/** An outbox entry with what it is about, as a feed takes it. */
export interface PaymentEvent {
  readonly merchant: string;
  readonly key: string;
  readonly type: EventType;
  readonly about: Readonly<EventAbout>;
  readonly data: { readonly [field: string]: Json | undefined };
  readonly at: Instant;
}

/** What stays the same for a payment's life is taken from it; what may have changed since stands in the entry. No buyer data. */
export function newEvent(payment: Payment, { key, type, at, data }: OutboxEntry): PaymentEvent {
  const { id, merchant, reference, customer, amount, currency, orderName, method, metadata, paidAt } = payment;
  return {
    merchant,
    key,
    type,
    at,
    about: {
      payment: id,
      ...(reference !== undefined && { reference }),
      ...(customer !== undefined && { customer }),
    },
    data: {
      ...data,
      refund: data.refund && { ...data.refund },
      amount,
      currency,
      orderName,
      lines: payment.lines.map(({ item, quantity, price }) => ({ item, quantity, price })),
      method,
      metadata: metadata && { ...metadata },
      paidAt: paidAt === undefined ? undefined : instant(paidAt),
    },
  };
}

/** Is an event of this key still to be published? Its key begins with the payment's id. */
export async function isUntold(payments: PaymentCollection, key: string): Promise<boolean> {
  const payment = await payments.get(key.split(':', 1)[0] as string);
  return payment?.outbox.some((entry) => entry.key === key) ?? false;
}
