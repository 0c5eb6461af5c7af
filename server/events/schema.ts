import { z } from 'zod';
import type {
  EventAbout,
  EventDetail,
  EventPage,
  EventView,
  ReactionView,
  WebhookEndpointView,
} from '../../contract/index.js';
import { eventTypes, reactionStates, webhookEndReasons } from '../../contract/index.js';
import { limitField } from '../http/fields.js';

const time = z.iso.datetime();

const about = z.object({
  payment: z.string().exactOptional(),
  reference: z.string().exactOptional(),
  customer: z.string().exactOptional(),
}) satisfies z.ZodType<EventAbout>;

export const eventSchema = z.object({
  id: z.string(),
  key: z.string().meta({ description: 'Names what happened: each key is told once' }),
  type: z.enum(eventTypes),
  createdAt: time,
  about,
  data: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<EventView>;

const reaction = z.object({
  name: z.string(),
  state: z.enum(reactionStates),
  tries: z.int(),
  nextAt: time.exactOptional(),
  attempts: z.array(
    z.object({
      at: time,
      ms: z.int(),
      status: z.int().exactOptional(),
      error: z.string().exactOptional(),
    }),
  ),
}) satisfies z.ZodType<ReactionView>;

export const eventDetailSchema = eventSchema.extend({
  reactions: z.array(reaction),
}) satisfies z.ZodType<EventDetail>;

export const eventPageSchema = z.object({
  data: z.array(eventSchema),
  next: z.string(),
}) satisfies z.ZodType<EventPage>;

export const endpointSchema = z.object({
  id: z.string(),
  url: z.string(),
  state: z.enum(['active', 'failing', 'disabled']),
  failingSince: time.exactOptional(),
  disabledAt: time.exactOptional(),
  reason: z.enum(webhookEndReasons).exactOptional(),
}) satisfies z.ZodType<WebhookEndpointView>;

export const eventsQuery = z.strictObject({
  after: z.string().max(500).exactOptional(),
  limit: limitField(500, 100),
  wait: z
    .string()
    .regex(/^\d{1,2}$/, 'expected 0 to 25 seconds')
    .transform(Number)
    .refine((seconds) => seconds <= 25, { error: 'expected 0 to 25 seconds' })
    .default(0),
});

export const eventParams = z.strictObject({
  id: z.string().regex(/^evt_[a-z0-9_-]{1,32}_\d{12}$/, 'expected an id such as evt_main_000000000001'),
});

export const endpointParams = z.strictObject({ id: z.string().min(1).max(40) });
