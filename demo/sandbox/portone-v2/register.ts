import { isLoopback } from '../webhooks/targets.js';
import type { V2Channel, V2Store } from './stores.js';
import { demoStore, pgs, webhookVersions } from './stores.js';

type Body = Record<string, unknown>;

const text = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value);

/** A store as the control API names it, over what is registered already; a string says what is wrong. */
export function readStore(body: Body, known: V2Store | undefined): V2Store | string {
  const before: Partial<V2Store> = known ?? {};
  const {
    storeId,
    apiSecret = before.apiSecret,
    webhookSecret = before.webhookSecret ?? demoStore.webhookSecret,
  } = body;
  const { webhookUrl = before.webhookUrl, webhookForm = before.webhookForm ?? false } = body;
  const version = body.webhookVersion ?? before.webhookVersion ?? '2024-04-25';
  const webhookVersion = webhookVersions.find((each) => each === version);
  const channels = body.channels === undefined ? (before.channels ?? []) : readChannels(body.channels);
  if (!text(storeId)) return 'storeId';
  if (!text(apiSecret)) return 'apiSecret';
  if (!text(webhookSecret) || Buffer.from(webhookSecret.replace(/^whsec_/, ''), 'base64').length === 0)
    return 'webhookSecret: whsec_ and base64';
  if (webhookUrl !== undefined && webhookUrl !== null && !isLoopback(webhookUrl)) return 'webhookUrl: on this machine';
  if (!webhookVersion) return `webhookVersion: one of ${webhookVersions.join(', ')}`;
  if (!channels) return 'channels: [{ key, pg?, type?, approval? }]';
  return {
    ...{ storeId, apiSecret, webhookSecret, webhookVersion, webhookForm: webhookForm === true, channels },
    ...(isLoopback(webhookUrl) && { webhookUrl }),
  };
}

function readChannels(list: unknown): V2Channel[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const channels = list.map(({ key, pg = 'TOSSPAYMENTS', type = 'TEST', approval = 'automatic' }: Body) => ({
    ...{ key, type, approval, pg: String(pg).toUpperCase() },
  }));
  const valid = (each: (typeof channels)[number]) =>
    text(each.key) &&
    Object.hasOwn(pgs, each.pg) &&
    (each.type === 'TEST' || each.type === 'LIVE') &&
    (each.approval === 'automatic' || each.approval === 'manual');
  return channels.every(valid) ? (channels as V2Channel[]) : undefined;
}
