import type { EventDetail, EventView, WebhookEndpointView } from '../../contract/index.js';
import type { WebhookEndpoint } from '../merchants/merchant.js';
import type { Instant } from '../ops/clock.js';
import type { StoredEvent } from './event.js';

const instant = (at: Instant): string => new Date(at).toISOString();

export function eventView({ id, key, type, createdAt, about, data }: StoredEvent): EventView {
  return { id, key, type, createdAt: instant(createdAt), about, data };
}

export function eventDetail(event: StoredEvent): EventDetail {
  return {
    ...eventView(event),
    reactions: event.reactions.map(({ name, state, tries, nextAt, attempts }) => ({
      name,
      state,
      tries,
      ...(nextAt !== undefined && { nextAt: instant(nextAt) }),
      attempts: attempts.map((attempt) => ({ ...attempt, at: instant(attempt.at) })),
    })),
  };
}

export interface EndpointState {
  readonly failingSince?: Instant;
  readonly disabledAt?: Instant;
  readonly reason?: NonNullable<WebhookEndpointView['reason']>;
}

export function endpointView({ id, url }: WebhookEndpoint, known: EndpointState = {}): WebhookEndpointView {
  const { failingSince, disabledAt, reason } = known;
  const failing = failingSince === undefined ? 'active' : 'failing';
  return {
    id,
    url,
    state: disabledAt === undefined ? failing : 'disabled',
    ...(failingSince !== undefined && { failingSince: instant(failingSince) }),
    ...(disabledAt !== undefined && { disabledAt: instant(disabledAt) }),
    ...(reason && { reason }),
  };
}
