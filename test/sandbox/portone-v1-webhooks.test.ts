import { beforeEach, describe, expect, it } from 'vitest';
import { minutes } from './harness.js';
import { useReceiver } from './receiver.js';
import { account, useV1 } from './v1-harness.js';

const { time, control, v1, rest, paid, cancel } = useV1();
const merchant = useReceiver();
const { received, answerWith } = merchant;

const run = async () => (await control('webhooks/run', {})).body.attempts;
const told = () => received().map(({ json }) => json?.status);
const fault = (kind: string) => control('faults', { on: 'webhook', kind });
const setting = (more: object) => v1('accounts', { userCode: account.userCode, ...more });

beforeEach(() => setting({ webhookUrl: merchant.url(), webhookForm: false, webhookRetries: false }));

describe('a V1 webhook', () => {
  it('says which record of which order is what, and nothing that proves it', async () => {
    const { imp_uid, merchant_uid } = await paid();
    await run();
    expect(received().map(({ json }) => json)).toEqual([{ imp_uid, merchant_uid, status: 'paid' }]);
    expect(Object.keys(received()[0]?.headers ?? {}).filter((name) => /sign|webhook/.test(name))).toEqual([]);
  });

  it('comes as a form if the account is set so', async () => {
    await setting({ webhookForm: true });
    const { imp_uid, merchant_uid } = await paid();
    await run();
    expect(received()[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const body = Object.fromEntries(new URLSearchParams(received()[0]?.text));
    expect(body).toEqual({ imp_uid, merchant_uid, status: 'paid' });
  });

  it.each<[string, (imp_uid: string) => Promise<unknown>, Record<string, unknown>, string[]]>([
    ['no failure', async () => {}, { card: '4300000000000002' }, []],
    ['no cancel by the API', (imp_uid) => cancel({ imp_uid }), {}, ['paid']],
    ['a cancel that asked for it', (imp_uid) => cancel({ imp_uid, enable_webhook: true }), {}, ['paid', 'cancelled']],
    ['a cancel in the console', (imp_uid) => v1('cancel', { imp_uid, amount: 1 }), {}, ['paid', 'cancelled']],
    [
      'an account and its deposit',
      (imp_uid) => v1('deposit', { imp_uid }),
      { method: 'virtual_account' },
      ['ready', 'paid'],
    ],
    [
      'no account that the API closed',
      (imp_uid) => rest('DELETE', `/vbanks/${imp_uid}`),
      { method: 'virtual_account' },
      ['ready'],
    ],
  ])('tells of %s', async (_what, act, more, expected) => {
    const { imp_uid } = await paid(more);
    await act(imp_uid);
    await run();
    expect(told()).toEqual(expected);
    const { cancellation_id } = received().at(-1)?.json ?? {};
    expect(cancellation_id !== undefined).toBe(expected.at(-1) === 'cancelled');
  });

  it.each([
    [true, ['paid', 'cancelled']],
    [false, ['paid']],
  ])('tells of a cancel that is done later as it was asked for: %s', async (enable_webhook, expected) => {
    const { imp_uid } = await paid();
    await control('faults', { on: 'cancel', kind: 'pending' });
    await cancel({ imp_uid, enable_webhook });
    await run();
    expect(told()).toEqual(['paid']);
    await v1('cancel/settle', { imp_uid });
    await run();
    expect(told()).toEqual(expected);
  });

  it('goes to the addresses that the payment named, and not to the account’s', async () => {
    await paid({ notice_url: `${merchant.url()}/own` });
    await paid({ notice_url: [`${merchant.url()}/one`, `${merchant.url()}/two`] });
    await run();
    const { deliveries } = (await control('webhooks')).body;
    expect(deliveries.map((each: any) => new URL(each.url).pathname)).toEqual(['/own', '/one', '/two']);
  });

  it('never leaves this machine', async () => {
    await paid({ notice_url: 'https://shop.example/hook' });
    await run();
    expect((await control('webhooks')).body.deliveries).toMatchObject([{ state: 'refused', attempts: [] }]);
    expect((await setting({ webhookUrl: 'http://169.254.169.254/' })).status).toBe(400);
  });
});

describe('a webhook that was not accepted', () => {
  it('is not sent again by default', async () => {
    answerWith(500);
    await paid();
    await run();
    time.now += minutes(60);
    expect(await run()).toBe(0);
    expect((await control('webhooks')).body.deliveries).toMatchObject([{ state: 'given_up' }]);
  });

  it('is sent five times more, a minute apart, where the account has that', async () => {
    await setting({ webhookRetries: true });
    answerWith(500, 'drop', 503, 500, 500, 500);
    await paid();
    await run();
    for (let n = 0; n < 7; n++) {
      time.now += minutes(1);
      await run();
    }
    expect(received()).toHaveLength(6);
  });

  it('is not sent again to a receiver that said no', async () => {
    await setting({ webhookRetries: true });
    answerWith(404);
    await paid();
    await run();
    time.now += minutes(10);
    expect(await run()).toBe(0);
  });

  it('is over with the first 200', async () => {
    await setting({ webhookRetries: true });
    answerWith(500, 200);
    await paid();
    await run();
    time.now += minutes(1);
    expect(await run()).toBe(1);
    time.now += minutes(10);
    expect(await run()).toBe(0);
  });
});

describe('a webhook fault', () => {
  it('before_reply arrives before the window’s answer', async () => {
    await fault('before_reply');
    await paid();
    expect(told()).toEqual(['paid']);
  });

  it('twice, reversed, late and never do as they say', async () => {
    await fault('twice');
    await paid();
    await run();
    expect(told()).toEqual(['paid', 'paid']);
    await fault('reversed');
    const { imp_uid } = await paid({ method: 'virtual_account' });
    await v1('deposit', { imp_uid });
    await run();
    expect(told().slice(2)).toEqual(['paid', 'ready']);
    await fault('never');
    await paid();
    await fault('late');
    await paid();
    expect([await run(), received().length]).toEqual([0, 4]);
    time.now += minutes(10);
    expect(await run()).toBe(1);
  });

  it.each<[string, (body: string) => boolean]>([
    ['forged', (body) => JSON.parse(body).imp_uid === 'imp_000000000000'],
    ['giant', (body) => body.length > 4_000_000],
    ['not_json', (body) => body.endsWith('<')],
    ['other_version', (body) => JSON.parse(body).type === 'Transaction.Paid'],
    ['unknown_type', (body) => JSON.parse(body).status === 'brand_new'],
    ['unsigned', (body) => JSON.parse(body).status === 'paid'],
    ['old', (body) => JSON.parse(body).status === 'paid'],
  ])('%s spoils the body as far as one without a signature or a time can be', async (kind, spoiled) => {
    await fault(kind);
    await paid();
    await run();
    expect(spoiled(received()[0]?.text ?? '')).toBe(true);
  });
});
