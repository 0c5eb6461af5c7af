import { z } from 'zod';
import { ApiError } from '../http/problem.js';
import { type Route, route } from '../http/route.js';
import type { Merchant, WebhookEndpoint } from '../merchants/merchant.js';
import { second } from '../ops/clock.js';
import type { Feed, FeedPage, ReadFeed } from './feed.js';
import {
  endpointParams,
  endpointSchema,
  eventDetailSchema,
  eventPageSchema,
  eventParams,
  eventsQuery,
} from './schema.js';
import { endpointView, eventDetail, eventView } from './views.js';
import type { Endpoints } from './webhook/endpoints.js';

export interface EventRoutesDeps {
  readonly feed: Feed;
  readonly endpoints: Endpoints;
}

/** How often a waiter looks by itself: what other servers publish is not heard here. */
const lookAgainMs = 1 * second;

/** The merchant's feed, and the endpoints it is sent to. */
export function eventRoutes({ feed, endpoints }: EventRoutesDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/events',
      tag: 'Events',
      summary: 'What happened, oldest first',
      description:
        'Without `after`: from the oldest event that is kept (90 days). Ask on with `next`, which is there on an empty page too; with `wait` an empty page is answered as soon as there is an event, or after so many seconds. No event is left out, none comes twice.',
      callers: ['secret'],
      query: eventsQuery,
      responses: {
        200: { description: 'A page', schema: eventPageSchema },
        410: { description: '`cursor_expired`: the events after this cursor are no longer kept' },
      },
      async handle({ caller, query, ...input }) {
        const { wait, ...asked } = query;
        const reading = { merchant: caller.merchant.id, ...asked };
        const page = wait === 0 ? await feed.read(reading) : await readOrWait(feed, reading, wait, input.signal);
        return { status: 200, body: { data: page.events.map(eventView), next: page.next } };
      },
    }),
    route({
      method: 'get',
      path: '/events/:id',
      tag: 'Events',
      summary: 'One event, with what followed from it: each delivery and its tries',
      callers: ['secret'],
      params: eventParams,
      responses: { 200: { description: 'The event', schema: eventDetailSchema } },
      async handle({ caller, params }) {
        const event = await feed.get(caller.merchant.id, params.id);
        if (!event) throw new ApiError('event_not_found');
        return { status: 200, body: eventDetail(event) };
      },
    }),
    route({
      method: 'get',
      path: '/webhook-endpoints',
      tag: 'Events',
      summary: 'The endpoints that events are sent to, and how they do',
      callers: ['secret'],
      responses: { 200: { description: 'All of them', schema: z.object({ data: z.array(endpointSchema) }) } },
      async handle({ caller: { merchant } }) {
        const all = merchant.webhooks ?? [];
        const data = await Promise.all(
          all.map(async (endpoint) => endpointView(endpoint, await endpoints.get(merchant.id, endpoint))),
        );
        return { status: 200, body: { data } };
      },
    }),
    route({
      method: 'post',
      path: '/webhook-endpoints/:id/enable',
      tag: 'Events',
      summary: 'Send events to a disabled endpoint again, from the next one on',
      description: 'What it missed meanwhile stands in `GET /events`.',
      callers: ['secret'],
      params: endpointParams,
      responses: { 200: { description: 'The endpoint', schema: endpointSchema } },
      async handle({ caller: { merchant }, params }) {
        const endpoint = endpointOf(merchant, params.id);
        await endpoints.enable(merchant.id, endpoint);
        return { status: 200, body: endpointView(endpoint, await endpoints.get(merchant.id, endpoint)) };
      },
    }),
  ];
}

function endpointOf(merchant: Merchant, id: string): WebhookEndpoint {
  const endpoint = merchant.webhooks?.find((one) => one.id === id);
  if (!endpoint) throw new ApiError('endpoint_not_found');
  return endpoint;
}

/** Waiting is measured in real time, whatever the clock says that dates events. */
async function readOrWait(feed: Feed, query: ReadFeed, seconds: number, signal: AbortSignal): Promise<FeedPage> {
  const until = performance.now() + seconds * second;
  for (;;) {
    const page = await feed.read(query);
    const left = until - performance.now();
    if (page.events.length > 0 || left <= 0 || signal.aborted) return page;
    await feed.news(query.merchant, Math.min(left, lookAgainMs), signal);
  }
}
