import { z } from 'zod';
import type { ProviderWebhookView } from '../../contract/index.js';
import { providers, providerWebhookStates } from '../../contract/index.js';
import { limitField } from '../http/fields.js';

const time = z.iso.datetime();

export const webhookParams = z.strictObject({
  provider: z.string().max(40),
  merchant: z.string().max(40),
});

export const webhooksQuery = z.strictObject({
  state: z.enum(providerWebhookStates).exactOptional(),
  limit: limitField(200, 50),
  after: z.string().max(500).exactOptional(),
});

export const webhookSchema = z.object({
  id: z.string(),
  provider: z.enum(providers),
  event: z.string(),
  signed: z.boolean().meta({ description: 'Not signed: anybody may have sent it; it only makes us ask the provider' }),
  receivedAt: time,
  state: z.enum(providerWebhookStates),
  orderId: z.string().exactOptional(),
  payment: z.string().exactOptional(),
  tries: z.int(),
  nextAt: time.exactOptional(),
}) satisfies z.ZodType<ProviderWebhookView>;
