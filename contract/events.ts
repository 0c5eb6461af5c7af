/** What is told of so far. Later versions add to the list: ignore what you don't know. */
export const eventTypes = [
  'payment.pending',
  'payment.paid',
  'payment.canceled',
  'payment.expired',
  'payment.partially_refunded',
  'payment.refunded',
  'payment.reversed',
  'payment.attention',
  'refund.failed',
  'refund.needs_account',
  'webhook.disabled',
] as const;
export type EventType = (typeof eventTypes)[number];

/** What an event is about, as far as it applies. */
export interface EventAbout {
  payment?: string;
  /** The merchant's own reference of the payment. */
  reference?: string;
  /** The merchant's own customer id. */
  customer?: string;
}

/** One entry of the merchant's feed, and the body of its webhook. */
export interface EventView {
  id: string;
  /** Names what happened: each key is told once. Count by it. */
  key: string;
  type: EventType;
  /** When it happened. */
  createdAt: string;
  about: EventAbout;
  /** A snapshot from when it happened. */
  data: Readonly<Record<string, unknown>>;
}

export const reactionStates = ['waiting', 'done', 'failed', 'given_up'] as const;
/** `failed`: a definite no. `given_up`: tried for as long as we try. */
export type ReactionStatus = (typeof reactionStates)[number];

/** One try of a reaction. A try without `error` succeeded. */
export interface ReactionAttemptView {
  at: string;
  ms: number;
  /** The HTTP status that came back. */
  status?: number;
  error?: string;
}

/** What follows from an event: `webhook:main` is its delivery to the endpoint `main`. */
export interface ReactionView {
  name: string;
  state: ReactionStatus;
  tries: number;
  nextAt?: string;
  /** The last 20. */
  attempts: readonly ReactionAttemptView[];
}

/** `GET /events/{id}` */
export interface EventDetail extends EventView {
  reactions: readonly ReactionView[];
}

/** A page of the feed, oldest first. `next` is there on an empty page too: ask with it again. */
export interface EventPage {
  data: readonly EventView[];
  next: string;
}

export const webhookEndReasons = ['gone', 'failing'] as const;
/** `gone`: the endpoint answered 410. `failing`: days of nothing but failures. */
export type WebhookEndReason = (typeof webhookEndReasons)[number];

/** An endpoint of the merchant's, and how it does. */
export interface WebhookEndpointView {
  id: string;
  url: string;
  state: 'active' | 'failing' | 'disabled';
  failingSince?: string;
  disabledAt?: string;
  reason?: WebhookEndReason;
}
