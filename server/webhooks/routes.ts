import { z } from 'zod';
import type { ProviderName, ProviderWebhookView } from '../../contract/index.js';
import { ApiError } from '../http/problem.js';
import { type RawBody, type Reply, type Route, rawRoute, route } from '../http/route.js';
import type { Merchants } from '../merchants/merchant.js';
import type { Instant } from '../ops/clock.js';
import type { Logger } from '../ops/logging.js';
import { parseOrderId } from '../payments/payment.js';
import type { Channel, Provider } from '../providers/provider.js';
import { maxWebhookLength, type WebhookRefusal } from '../providers/webhook.js';
import type { InboxCollection, InboxEntry } from './entry.js';
import type { Inbox } from './inbox.js';
import { webhookParams, webhookSchema, webhooksQuery } from './schema.js';

export interface WebhookRoutesDeps {
  readonly inbox: InboxCollection;
  readonly receive: Inbox['receive'];
  readonly merchants: Merchants;
  readonly providers: ReadonlyMap<ProviderName, Provider>;
  readonly log: Logger;
  /** Whose the address without a merchant is, where several have PortOne V1. */
  readonly defaultMerchant?: string;
}

const received = {
  200: { description: 'Stored, or nothing that we follow', schema: z.object({ received: z.literal(true) }) },
};

/** Where providers send to, and what came. */
export function webhookRoutes(deps: WebhookRoutesDeps): Route[] {
  const take = async (name: string, merchant: string, { raw, headers }: RawBody): Promise<Reply> => {
    const { provider, channels } = placeOf(deps, name, merchant);
    const webhook = await provider.readWebhook(channels, raw, headers);
    if (webhook.authentic === false) {
      const reason = webhook.why;
      deps.log.warn('provider_webhook_refused', { merchant, provider: provider.name, reason });
      throw refusals[webhook.why]();
    }
    await deps.receive(merchant, provider.name, webhook, raw);
    return { status: 200, body: { received: true } };
  };

  return [
    rawRoute({
      path: '/webhooks/:provider/:merchant',
      tag: 'Provider webhooks',
      summary: 'What a payment provider sends',
      description:
        "The URL to register with the provider, with the merchant's id. It is stored, answered, and then worked on: the provider is asked what really happened. Repeats do nothing.",
      params: webhookParams,
      maxBytes: maxWebhookLength,
      responses: received,
      handle: ({ params, ...body }) => take(params.provider, params.merchant, body),
    }),
    rawRoute({
      path: '/payments/webhook',
      tag: 'Provider webhooks',
      summary: 'What PortOne V1 sends, at the address that a shop had before',
      description:
        'The same as `/webhooks/portone-v1/{merchant}`, for the only merchant with a channel of PortOne V1, or for DEFAULT_MERCHANT.',
      params: z.strictObject({}),
      maxBytes: maxWebhookLength,
      responses: received,
      handle: (body) => take('portone-v1', onlyMerchant(deps), body),
    }),
    route({
      method: 'get',
      path: '/provider-webhooks',
      tag: 'Provider webhooks',
      summary: 'What providers sent lately, newest first',
      description: 'Kept for seven days; of orders that we do not know, the last 1,000.',
      callers: ['secret'],
      query: webhooksQuery,
      responses: {
        200: {
          description: 'A page',
          schema: z.object({ data: z.array(webhookSchema), next: z.string().exactOptional() }),
        },
      },
      async handle({ caller, query: { state, ...page } }) {
        const merchant = caller.merchant.id;
        const { docs, next } = await (state === undefined
          ? deps.inbox.find({ index: 'by_merchant', equals: { merchant }, order: 'desc', ...page })
          : deps.inbox.find({ index: 'by_state', equals: { merchant, state }, order: 'desc', ...page }));
        return { status: 200, body: { data: docs.map(webhookView), ...(next !== undefined && { next }) } };
      },
    }),
  ];
}

/** All channels of that provider share the URL: which store or contract it was, the webhook itself says. */
function placeOf({ merchants, providers }: WebhookRoutesDeps, name: string, merchant: string) {
  const provider = [...providers.values()].find((one) => one.name === name);
  const channels: readonly Channel[] = merchants.byId(merchant)?.channels.filter((one) => one.provider === name) ?? [];
  if (provider && channels.length > 0) return { provider, channels };
  throw new ApiError('not_found', 'There is no such merchant, or it has no channel of that provider.');
}

/** Who has PortOne V1, where nobody says whose webhook it is. What the body says of it is not believed. */
function onlyMerchant({ merchants, defaultMerchant }: WebhookRoutesDeps): string {
  const having = merchants.all().filter(({ channels }) => channels.some(({ provider }) => provider === 'portone-v1'));
  const [only, ...others] = having.filter(({ id }) => defaultMerchant === undefined || id === defaultMerchant);
  if (only && others.length === 0) return only.id;
  throw new ApiError(
    'not_found',
    only
      ? 'Several merchants have PortOne V1: set DEFAULT_MERCHANT, or register /webhooks/portone-v1/{merchant} for each.'
      : 'No merchant has a channel of PortOne V1.',
  );
}

const notAuthentic = (detail: string) => () => new ApiError('webhook_not_authentic', detail);
const refusals: Readonly<Record<WebhookRefusal, () => ApiError>> = {
  unsigned: notAuthentic('The headers webhook-id, webhook-timestamp and webhook-signature must be there, once each.'),
  signature: notAuthentic("The signature was made with none of the webhook secrets of this merchant's channels."),
  expired: notAuthentic('It was signed more than five minutes ago, or ahead: check the clocks.'),
  unreadable: () => new ApiError('invalid_json'),
  too_large: () => new ApiError('body_too_large', `The body may have at most ${maxWebhookLength / 1024} KB.`),
};

const instant = (at: Instant): string => new Date(at).toISOString();

function webhookView(entry: InboxEntry): ProviderWebhookView {
  const { id, provider, event, signed, receivedAt, state, orderId, tries, dueAt } = entry;
  const payment = state === 'unknown_order' || orderId === undefined ? undefined : parseOrderId(orderId)?.payment;
  return {
    ...{ id, provider, event, signed, receivedAt: instant(receivedAt), state },
    ...(orderId !== undefined && { orderId }),
    ...(payment !== undefined && { payment }),
    tries,
    ...(state === 'waiting' && { nextAt: instant(dueAt) }),
  };
}
