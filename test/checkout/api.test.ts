import { describe, expect, it } from 'vitest';
import { ApiFailure, createApi } from '../../widget/checkout/api.js';
import { type Answer, createPage, problem, sessionOf } from './page.js';

function api(replies: (Answer | 'lost')[]) {
  const page = createPage();
  page.answer(() => replies.shift() ?? new Promise(() => undefined));
  const failed = async (call: Promise<unknown>) => {
    const caught = call.then(
      () => undefined,
      (error: unknown) => error as ApiFailure,
    );
    await page.advance(120_000);
    return caught;
  };
  return { page, failed, api: createApi(page.env, 'https://pay.example/') };
}

const prepare = { method: 'POST', path: '/payments/sessions/cs_1/prepare', token: 'cs_secret', body: {} } as const;

describe('the client of our API', () => {
  it('reads again after a lost answer, with a growing pause', async () => {
    const { page, api: client } = api(['lost', 'lost', { body: sessionOf() }]);
    const read = client.read('cs_1', 'cs_secret');
    await page.advance(399);
    expect(page.sent).toHaveLength(1);
    await page.advance(1);
    expect(page.sent).toHaveLength(2);
    await page.advance(800);
    expect((await read).id).toBe('cs_1');
  });

  it('gives up in the end, and says that nothing was reached', async () => {
    const { page, failed, api: client } = api(['lost', { status: 504, html: '<html>' }, 'lost', 'lost']);
    const failure = await failed(client.read('cs_1', 'cs_secret'));
    expect(failure).toBeInstanceOf(ApiFailure);
    expect(failure).toMatchObject({ code: 'unreachable', isPassing: true });
    expect(page.sent).toHaveLength(3);
  });

  it('an answer that never comes ends after its time', async () => {
    const { failed, api: client } = api([]);
    expect(await failed(client.call(prepare))).toMatchObject({ code: 'unreachable' });
  });

  it('does not repeat what may have been done', async () => {
    const { page, failed, api: client } = api(['lost']);
    await failed(client.call(prepare));
    expect(page.sent).toHaveLength(1);
  });

  it('comes again when a busy server said when', async () => {
    const { page, api: client } = api([problem(429, 'rate_limited', 3), { body: sessionOf() }]);
    const prepared = client.call(prepare);
    await page.advance(2_999);
    expect(page.sent).toHaveLength(1);
    await page.advance(1);
    expect(page.sent).toHaveLength(2);
    await prepared;
  });

  it('does not sit out a wait that no shopper would', async () => {
    const { page, failed, api: client } = api([problem(429, 'rate_limited', 600)]);
    expect(await failed(client.read('cs_1', 't'))).toMatchObject({ code: 'rate_limited', retryAfter: 600 });
    expect(page.sent).toHaveLength(1);
  });

  it('keeps what the server said about a mistake', async () => {
    const { failed, api: client } = api([problem(403, 'origin_not_allowed')]);
    const failure = await failed(client.catalogue('pk', 'coffee'));
    expect(failure).toMatchObject({
      code: 'origin_not_allowed',
      message: 'about origin_not_allowed',
      isPassing: false,
    });
  });

  it('encodes what is put into an address', async () => {
    const { page, api: client } = api([{ body: { id: 'x' } }]);
    await client.catalogue('pk/1&x', '../etc');
    expect(page.sent[0]!.path).toBe('/catalog/..%2Fetc?merchant=pk%2F1%26x');
  });
});
