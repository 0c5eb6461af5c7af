import { afterEach, describe, expect, test } from 'vitest';
import type { ProviderWebhookView } from '../../../contract/index.js';
import type { PortOneV1Channel, Provider } from '../../../server/providers/provider.js';

import { api, blog, channel, createWorld, other, type World, type WorldOptions } from '../../support/world.js';
import { post } from './place.js';

/** The address that shops on PortOne V1 had before: it names no merchant. */

const open: World[] = [];
afterEach(async () => {
  for (const world of open.splice(0)) await world.close();
});

const v1 = (id: string): PortOneV1Channel => ({
  id: `v1-${id}`,
  provider: 'portone-v1',
  environment: 'test',
  approval: 'automatic',
  currencies: ['KRW'],
  apiBase: 'http://127.0.0.1:9',
  script: 'http://127.0.0.1:9/iamport.js',
  userCode: 'imp00000001',
  pg: 'html5_inicis',
  apiKey: 'an-imp-key',
  apiSecret: 'an-imp-secret',
});

const reader = (like: Provider): Provider => ({
  ...like,
  name: 'portone-v1',
  readWebhook: async (_channels, raw) => {
    const { merchant_uid: orderId } = JSON.parse(raw) as { merchant_uid: string };
    return { authentic: 'unsigned', kind: 'payment', event: 'paid', about: { orderId } };
  },
});

async function serverWith(having: readonly ('blog' | 'other')[], more: WorldOptions = {}): Promise<World> {
  const channels = (id: 'blog' | 'other') => [
    channel('http://127.0.0.1:9', { clientKey: `test_ck_${id}` }),
    ...(having.includes(id) ? [v1(id)] : []),
  ];
  const world = await createWorld({
    blog: { channels: channels('blog') },
    other: { channels: channels('other') },
    wrapProviders: (all) => new Map([['portone-v1', reader(all.get('toss') as Provider)], ...all]),
    ...more,
  });
  open.push(world);
  return world;
}

const body = JSON.stringify({ imp_uid: 'imp_123456789012', merchant_uid: 'order-of-nobody', status: 'paid' });
const send = (world: World, raw = body) => post(`${world.url}/api/v1/payments/webhook`, raw);
const heard = async (world: World, token: string) =>
  (await api<{ data: ProviderWebhookView[] }>(world.url, 'GET', '/provider-webhooks', { token })).body.data;

describe('a webhook of PortOne V1 at the address without a merchant', () => {
  test('goes to the only merchant with PortOne V1', async () => {
    const world = await serverWith(['other']);
    expect(await send(world)).toEqual({ status: 200, body: { received: true } });
    expect(await heard(world, blog.secretKey)).toEqual([]);
    expect(await heard(world, other.secretKey)).toMatchObject([{ provider: 'portone-v1', signed: false }]);
  });

  test('goes to the default merchant, where several have it', async () => {
    const world = await serverWith(['blog', 'other'], { defaultMerchant: 'other' });
    expect((await send(world)).status).toBe(200);
    expect([await heard(world, blog.secretKey), await heard(world, other.secretKey)]).toMatchObject([[], [{}]]);
  });

  test('goes nowhere where several have it and none is the default: the answer says what to set', async () => {
    const world = await serverWith(['blog', 'other']);
    expect(await send(world)).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: expect.stringContaining('set DEFAULT_MERCHANT, or register') },
    });
    expect([await heard(world, blog.secretKey), await heard(world, other.secretKey)]).toEqual([[], []]);
  });

  test('goes nowhere where nobody has it', async () => {
    const world = await serverWith([]);
    expect(await send(world)).toMatchObject({ status: 404, body: { detail: expect.stringContaining('No merchant') } });
  });
});
