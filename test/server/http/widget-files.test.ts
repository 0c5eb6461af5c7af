import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { WidgetFiles } from '../../../server/http/widget-files.js';
import { readWidget, serveWidget } from '../../../server/http/widget-files.js';
import type { Running } from './fixture.js';
import { start } from './fixture.js';

const core = `export const core = '${'결제 '.repeat(400)}';\n`;
const built: WidgetFiles = new Map(
  Object.entries({
    'pay-checkout.js': 'import("./core-AbC_-123.js")',
    'core-AbC_-123.js': core,
    'core-AbC_-123.js.map': `{"version":3,"sources":["${'a'.repeat(600)}"]}`,
    'portone-v2-Zz90Zz90.js': 'export {};',
  }).map(([name, text]) => [name, Buffer.from(text)]),
);

let running: Running | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Without `fetch`, which would unpack what was packed. */
async function get(
  path: string,
  { files = built, method = 'GET', headers = {} }: { files?: WidgetFiles; method?: string; headers?: object } = {},
): Promise<Reply> {
  await running?.stop();
  running = await start({ outside: [serveWidget(files)] });
  const sent = request(running.url + path, { method, headers: { ...headers } }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(await answer.toArray()) };
}

describe('the widget’s files', () => {
  test('the script of the tag may be loaded by any page, and is asked for again soon', async () => {
    const { status, headers, body } = await get('/pay-checkout.js');
    expect(status).toBe(200);
    expect(body.toString()).toBe('import("./core-AbC_-123.js")');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
  });

  test('what has a hash in its name is kept for a year', async () => {
    const { headers } = await get('/core-AbC_-123.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test.each([
    ['br', 'gzip, deflate, br', (body: Buffer) => brotliDecompressSync(body)],
    ['gzip', 'gzip', (body: Buffer) => gunzipSync(body)],
    [undefined, 'identity', (body: Buffer) => body],
  ])('is sent as %s to whoever takes it', async (encoding, accept, unpack) => {
    const { headers, body } = await get('/core-AbC_-123.js', { headers: { 'accept-encoding': accept } });
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers.vary).toBe('Accept-Encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
    expect(unpack(body).toString()).toBe(core);
    if (encoding) expect(body.length).toBeLessThan(core.length / 4);
  });

  test('is not sent again to whoever has it, in the encoding that they have', async () => {
    const first = await get('/pay-checkout.js');
    const etag = String(first.headers.etag);
    const again = await get('/pay-checkout.js', { headers: { 'if-none-match': etag } });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const other = await get('/core-AbC_-123.js', { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });

  test('HEAD says the same without the content', async () => {
    const { status, headers, body } = await get('/core-AbC_-123.js', { method: 'HEAD' });
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  test('source maps are there for whoever debugs', async () => {
    const { headers } = await get('/core-AbC_-123.js.map');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect((await get('/core-AbC_-123.js')).headers.sourcemap).toBe('core-AbC_-123.js.map');
    expect((await get('/pay-checkout.js')).headers.sourcemap).toBeUndefined();
  });

  test('a page from before an update gets this version’s file of that name, uncached', async () => {
    const { status, headers, body } = await get('/core-0ld0ld0l.js');
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(body.toString()).toBe(core);
    expect((await get('/portone-v2-0ld-ld0l.js')).body.toString()).toBe('export {};');
  });

  test('a file that no version has is a clear 404', async () => {
    const { status, body } = await get('/kakao-0ld0ld0l.js');
    expect([status, JSON.parse(body.toString()).code]).toEqual([404, 'not_found']);
  });

  test('a server whose widget was not built says what to do', async () => {
    const { status, headers, body } = await get('/pay-checkout.js', { files: new Map() });
    expect(status).toBe(404);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(JSON.parse(body.toString()).detail).toContain('npm run build');
  });

  test('other paths and methods are none of its business', async () => {
    expect((await get('/pay-checkout.css')).status).toBe(404);
    expect((await get('/pay-checkout.js', { method: 'POST' })).status).toBe(404);
  });
});

describe('a build folder', () => {
  test('is read for what belongs to the widget, and may be missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pay-checkout-widget-'));
    try {
      for (const name of ['pay-checkout.js', 'pay-history.js', 'core-AbC_-123.js', 'notes.txt', '.env'])
        writeFileSync(join(folder, name), name);
      expect([...readWidget(folder).keys()].sort()).toEqual(['core-AbC_-123.js', 'pay-checkout.js', 'pay-history.js']);
      expect(readWidget(join(folder, 'nowhere')).size).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
