import type { EventType } from '../../../contract/index.js';
import type { MerchantId } from '../../config/keys.js';

export const orderStates = ['pending', 'paid', 'failed', 'cancelled'] as const;
export type OrderState = (typeof orderStates)[number];

/** An order of the shop's own. What became of its payment, only the feed of events says. */
export interface Order {
  /** The shop's number; `reference` of a session that the shop's backend made. */
  readonly id: string;
  readonly site: MerchantId;
  readonly name: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly state: OrderState;
  /** `pay_…`, as soon as it is known. */
  readonly payment?: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Keys of the events that were counted: an event that comes again changes nothing. */
  readonly events: readonly string[];
  /** What the backend asked the server for: asked again with the same words, it is the same session. */
  readonly session?: Readonly<Record<string, unknown>>;
}

/** The whole table; what is not in it changes nothing. Money may come after an order was given up, and then it is paid after all. */
const table: Readonly<Record<OrderState, Partial<Record<EventType, OrderState>>>> = {
  pending: {
    'payment.paid': 'paid',
    'payment.expired': 'failed',
    'payment.canceled': 'cancelled',
  },
  paid: { 'payment.refunded': 'cancelled', 'payment.reversed': 'pending' },
  failed: { 'payment.paid': 'paid' },
  cancelled: { 'payment.paid': 'paid' },
};

/** The order after an event about it. Types that are not known, and events that were counted, change nothing. */
export function afterEvent(order: Order, event: { readonly key: string; readonly type: EventType }): Order {
  if (order.events.includes(event.key)) return order;
  return { ...order, state: table[order.state][event.type] ?? order.state, events: [...order.events, event.key] };
}
