import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoKeys } from '../../demo/config/keys.js';
import { findBrowser } from '../support/browser.mjs';
import { demoFolder, removeFolder, type Started, startDemo } from './demo-process.js';

/** The tag on a page of another origin, with the policy that the documents give. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let demo: Started;
let browser: Browser;
let site: Server;
let single = '';

/** The page of the next visit, and its policy. */
let html = '';
let policy = '';

beforeAll(async () => {
  const [{ executablePath, args, env }, directory, built] = await Promise.all([
    findBrowser(),
    demoFolder(),
    build({ root, mode: 'single', logLevel: 'warn', build: { write: false } }),
  ]);
  const [{ output }] = built as [Rolldown.RolldownOutput];
  single = output[0].code;
  site = createServer((req, res) => {
    const script = req.url === '/pinned.js';
    res.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    if (policy) res.setHeader('content-security-policy', policy);
    res.end(script ? single : html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const launch = chromium.launch({ executablePath, args, env: env as Record<string, string> });
  [demo, browser] = await Promise.all([startDemo(directory), launch]);
});
afterAll(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
  await demo?.stop();
  if (demo) await removeFolder(demo.directory);
});

/** The lines of `docs/embedding.md` for our own server, and nothing else. */
function documentedPolicy(): string {
  const text = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8');
  const [, lines = ''] = /\*\*Your server\*\*.*?```text\n(.*?)```/s.exec(text) ?? [];
  return `default-src 'none'; ${lines.replaceAll('https://pay.example.com', demo.server).replace(/\s+/g, ' ')}`;
}

const siteUrl = () => `http://localhost:${(site.address() as AddressInfo).port}/`;

async function visit(page: string, rules = ''): Promise<{ tab: Page; troubles: string[] }> {
  html = `<!doctype html><html lang="en"><title>site</title>${page}`;
  policy = rules;
  const tab = await browser.newPage();
  const troubles: string[] = [];
  tab.on('pageerror', (error) => troubles.push(String(error)));
  tab.on('console', (message) => {
    if (/Content Security Policy|integrity|already/i.test(message.text())) troubles.push(message.text());
  });
  await tab.goto(siteUrl());
  return { tab, troubles };
}

const tag = () => `<script async src="${demo.server}/pay-checkout.js"></script>`;
/** Asked from here, because a policy without `unsafe-eval` lets nothing wait inside the page. */
const isDefined = (tab: Page, name = 'pay-checkout') =>
  expect.poll(() => tab.evaluate(`customElements.get('${name}') !== undefined`), { timeout: 15_000 }).toBe(true);
/** What the page asked our server for. */
const loaded = (tab: Page): Promise<string[]> =>
  tab.evaluate(
    `performance.getEntriesByType('resource').filter(({ name }) => name.startsWith('${demo.server}')).map(({ name }) => new URL(name).pathname)`,
  );

describe('the tag on somebody else’s page', () => {
  test('works under the policy of the documents', async () => {
    const { tab, troubles } = await visit(`${tag()}<pay-checkout></pay-checkout>`, documentedPolicy());
    await isDefined(tab);
    expect(troubles).toEqual([]);
    await tab.close();
  });

  test('may be there twice', async () => {
    const { tab, troubles } = await visit(`${tag()}${tag()}<pay-checkout></pay-checkout>`);
    await isDefined(tab);
    await tab.waitForLoadState('networkidle');
    expect(troubles).toEqual([]);
    await tab.close();
  });

  test('may be one file, pinned by its hash; another file is refused', async () => {
    const hash = createHash('sha384').update(single).digest('base64');
    const pinned = (value: string) => `<script async src="/pinned.js" integrity="sha384-${value}"></script>`;
    const good = await visit(`${pinned(hash)}<pay-checkout server="${demo.server}"></pay-checkout>`);
    await isDefined(good.tab);
    expect(good.troubles).toEqual([]);
    await good.tab.close();
    const bad = await visit(pinned(createHash('sha384').update('other').digest('base64')));
    await expect.poll(() => bad.troubles.join()).toContain('integrity');
    expect(await bad.tab.evaluate(`customElements.get('pay-checkout') === undefined`)).toBe(true);
    await bad.tab.close();
  });

  test('two requests define it', async () => {
    const { tab } = await visit(tag());
    await isDefined(tab);
    expect(await loaded(tab)).toEqual(['/pay-checkout.js', expect.stringMatching(/^\/core-[\w-]{8}\.js$/)]);
    await tab.close();
  });

  test('brings <pay-history> when its tag comes into the page, by one request more, and not before', async () => {
    const { tab, troubles } = await visit(tag(), documentedPolicy());
    await isDefined(tab);
    await tab.evaluate(`document.body.append(document.createElement('p'))`);
    expect(await loaded(tab)).toHaveLength(2);
    await tab.evaluate(`document.body.append(document.createElement('pay-history'))`);
    await isDefined(tab, 'pay-history');
    expect((await loaded(tab))[2]).toMatch(/^\/define-history-[\w-]{8}\.js$/);
    await expect.poll(() => tab.evaluate(`document.querySelector('pay-history').state`)).toBe('signed-out');
    expect(troubles).toEqual([]);
    await tab.close();
  });

  test.each([
    ['the tag of a page that has it from the start', () => tag(), '<pay-history></pay-history>'],
    ['a script of its own', () => `<script async src="${demo.server}/pay-history.js"></script>`, ''],
    ['the one file', () => `<script async src="/pinned.js"></script>`, ''],
  ])('<pay-history> comes with %s', async (_with, script, markup) => {
    const { tab, troubles } = await visit(script() + markup);
    await isDefined(tab, 'pay-history');
    await isDefined(tab);
    expect(troubles).toEqual([]);
    await tab.close();
  });

  const singleTag = () => `<script async src="${demo.server}/pay-checkout.single.js"></script>`;
  test.each([
    ['the tag', 'Toss', () => tag(), ['blog', 'coffee']],
    ['the tag', 'PortOne V2', () => tag(), ['theatre', 'programme']],
    ['the tag', 'PortOne V1', () => tag(), ['items', 'potion']],
    ['the single file from our server', 'Toss', singleTag, ['blog', 'coffee']],
    ['the single file from our server', 'PortOne V2', singleTag, ['theatre', 'programme']],
    ['the single file from our server', 'PortOne V1', singleTag, ['items', 'potion']],
  ] as const)(
    '%s pays at %s, on an origin that the merchant allowed, at the server that it came from',
    async (...row) => {
      const [, , script, [merchant, product]] = row;
      const tab = await browser.newPage({ locale: 'ko-KR' });
      policy = '';
      html = `<!doctype html><html lang="ko"><meta charset="utf-8"><title>글</title>${script()}
<script>addEventListener('pay-success', ({ detail }) => { window.paid = detail; });</script>
<pay-checkout merchant="${demoKeys[merchant].publishable}" product="${product}"></pay-checkout>`;
      // The merchant's own address, with a page of this test's: what is only made up in the browser may not ask servers of this machine.
      await tab.route(`${demo.shop}/post`, (route) => route.continue({ url: siteUrl() }));
      await tab.route(`${demo.server}/pay-checkout.single.js`, (route) =>
        route.continue({ url: new URL('/pinned.js', siteUrl()).href }),
      );
      await tab.goto(`${demo.shop}/post`);
      await tab.getByRole('radio', { name: '카드' }).check();
      await tab.getByRole('button', { name: '결제하기' }).click();
      await tab.frameLocator('[data-testid=payment-frame]').getByTestId('pay').click();
      await expect.poll(() => tab.evaluate('window.paid?.payment'), { timeout: 15_000 }).toMatch(/^pay_/);
      await tab.close();
    },
  );
});
