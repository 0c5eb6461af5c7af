import { isLoopback } from '../webhooks/targets.js';
import type { V1Account, V1Channel } from './accounts.js';
import { pgs, resultShapes } from './accounts.js';

type Body = Record<string, unknown>;

const text = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);

/** An account as the control API names it, over what is registered already; a string says what is wrong. */
export function readAccount(body: Body, known: V1Account | undefined): V1Account | string {
  const before: Partial<V1Account> = known ?? {};
  const { userCode, apiKey = before.apiKey, apiSecret = before.apiSecret } = body;
  const { webhookUrl = before.webhookUrl, webhookForm = before.webhookForm ?? false } = body;
  const { webhookRetries = before.webhookRetries ?? false } = body;
  const shape = body.results ?? before.results ?? 'new';
  const results = resultShapes.find((each) => each === shape);
  const channels = body.channels === undefined ? (before.channels ?? []) : readChannels(body.channels);
  if (!text(userCode) || !/^imp\d{8}$/.test(userCode)) return 'userCode: imp and eight digits';
  if (!text(apiKey)) return 'apiKey';
  if (!text(apiSecret)) return 'apiSecret';
  if (webhookUrl !== undefined && webhookUrl !== null && !isLoopback(webhookUrl)) return 'webhookUrl: on this machine';
  if (!results) return `results: one of ${resultShapes.join(', ')}`;
  if (!channels) return 'channels: [{ key, pg?, mid?, test? }]';
  return {
    ...{ userCode, apiKey, apiSecret, results, channels },
    ...{ webhookForm: webhookForm === true, webhookRetries: webhookRetries === true },
    ...(isLoopback(webhookUrl) && { webhookUrl }),
  };
}

function readChannels(list: unknown): V1Channel[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const channels = list.map(({ key, pg = 'tosspayments', mid = 'sandbox', test = true }: Body) => ({
    ...{ key, pg: String(pg), mid, test },
  }));
  const valid = ({ key, pg, mid, test }: (typeof channels)[number]) =>
    text(key) && Object.hasOwn(pgs, pg) && text(mid) && typeof test === 'boolean';
  return channels.every(valid) ? (channels as V1Channel[]) : undefined;
}
