import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../build/manifest.js';
import { buildNpmPackage } from '../../../build/npm-package.js';

/** A site's project, in which the package and Lit are installed, and as much of React and Vue as types need. */
let project = '';
const run = promisify(execFile);
const node = (...args: string[]) => run(process.execPath, args, { cwd: project });
const tsc = join(root, 'node_modules/typescript/bin/tsc');

function write(name: string, text: string): void {
  const file = join(project, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const library = (name: string, types: string) => {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', types: 'index.d.ts' }));
  write(`node_modules/${name}/index.d.ts`, types);
};

beforeAll(async () => {
  // Below the sources, so that the link to Lit finds what Lit itself needs.
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  project = mkdtempSync(join(cache, 'npm-package-'));
  await run(process.execPath, [tsc, '-b', 'widget'], { cwd: root });
  await buildNpmPackage(join(project, 'node_modules/pay-checkout'));
  symlinkSync(join(root, 'node_modules/lit'), join(project, 'node_modules/lit'), 'junction');
  const jsx = 'namespace JSX { interface Element {} interface IntrinsicElements {} }';
  library(
    'react',
    `export ${jsx}
export interface HTMLAttributes<T> { className?: string; onClick?: (event: { currentTarget: T }) => void }
export type DetailedHTMLProps<A, T> = A & { ref?: (element: T | null) => void; key?: string };`,
  );
  write(
    'node_modules/react/jsx-runtime.d.ts',
    `export { JSX } from 'react';\nexport const jsx: unknown; export const jsxs: unknown;`,
  );
  library('vue', 'export interface GlobalComponents {}\nexport interface DefineComponent<P> { props: P }');
  write('package.json', JSON.stringify({ name: 'site', type: 'module' }));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

async function typesOf(files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) write(name, text);
  const options = {
    ...{
      strict: true,
      noEmit: true,
      target: 'ES2022',
      module: 'ESNext',
      moduleResolution: 'Bundler',
      jsx: 'react-jsx',
    },
    ...{ lib: ['ES2022', 'DOM', 'DOM.Iterable'], types: [], skipLibCheck: false, exactOptionalPropertyTypes: true },
  };
  write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: Object.keys(files) }));
  return node(tsc, '-p', '.').then(
    () => 'no mistakes',
    ({ stdout }: { stdout: string }) => stdout,
  );
}

test('it asks for Lit and nothing else', () => {
  const text = readFileSync(join(project, 'node_modules/pay-checkout/package.json'), 'utf8');
  expect(Object.keys(JSON.parse(text).dependencies)).toEqual(['lit']);
});

test('importing it on a server does nothing and breaks nothing', async () => {
  write(
    'server.js',
    `import { PayCheckout } from 'pay-checkout';\nimport 'pay-checkout/define';\nimport 'pay-checkout/define-history';\nconsole.log(typeof PayCheckout);`,
  );
  expect(await node('server.js')).toEqual({ stdout: 'function\n', stderr: '' });
});

test('a page in TypeScript knows the element, its properties and its events', async () => {
  const page = `import 'pay-checkout/define';
const checkout = document.querySelector('pay-checkout');
if (checkout) {
  checkout.merchant = 'pk_1';
  // @ts-expect-error: a publishable key is text
  checkout.merchant = 1;
  checkout.addEventListener('pay-success', (event) => { const type: 'pay-success' | string = event.type; void type; });
}
const history = document.querySelector('pay-history');
if (history) {
  history.customerToken = 'eyJ';
  // @ts-expect-error: a list of so many
  history.limit = 'ten';
  history.addEventListener('pay-token', (event) => event.respondWith(Promise.resolve(event.detail.reason)));
  document.addEventListener('pay-token', (event) => event.respondWith(undefined));
}
`;
  expect(await typesOf({ 'page.ts': page })).toBe('no mistakes');
});

test('React knows the tag', async () => {
  const page = `import type {} from 'pay-checkout/react';
export const ok = <pay-checkout merchant="pk_1" product="coffee" className="mine" onpay-success={(event) => void event.type} />;
// @ts-expect-error: no such language
export const wrong = <pay-checkout merchant="pk_1" locale="fr" />;
export const list = <pay-history customerToken="eyJ" limit={5} onpay-token={(event) => event.respondWith('eyJ')} />;
// @ts-expect-error: no such theme
export const odd = <pay-history theme="pink" />;
`;
  expect(await typesOf({ 'page.tsx': page })).toBe('no mistakes');
});

test('Vue knows the tag', async () => {
  const page = `import type {} from 'pay-checkout/vue';
import type { GlobalComponents } from 'vue';
export const props: GlobalComponents['pay-checkout']['props'] = { merchant: 'pk_1', locale: 'ko' };
`;
  expect(await typesOf({ 'page.ts': page })).toBe('no mistakes');
});
