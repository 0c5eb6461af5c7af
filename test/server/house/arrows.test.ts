import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * Which room may know which. Arrows point one way; a room that is not named here does not exist. `docs/architecture.md` has the picture:
 * change both together.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  'server/ops': [],
  'server/environment': [],
  'server/secrets': ['server/ops'],
  'server/store': ['server/ops'],
  'server/providers': ['contract', 'server/ops'],
  'server/merchants': ['contract', 'server/ops', 'server/environment', 'server/providers'],
  'server/http': ['contract', 'server/ops', 'server/environment', 'server/secrets', 'server/store', 'server/merchants'],
  'server/events': ['contract', 'server/ops', 'server/store', 'server/merchants', 'server/http'],
  'server/payments': [
    'contract',
    'server/ops',
    'server/secrets',
    'server/store',
    'server/providers',
    'server/merchants',
    'server/http',
  ],
  'server/checkout': [
    'contract',
    'server/ops',
    'server/secrets',
    'server/store',
    'server/providers',
    'server/merchants',
    'server/http',
    'server/payments',
  ],
  'server/webhooks': [
    'contract',
    'server/ops',
    'server/secrets',
    'server/store',
    'server/providers',
    'server/merchants',
    'server/http',
    'server/payments',
  ],
  'server/reconciliation': [
    'contract',
    'server/ops',
    'server/store',
    'server/providers',
    'server/merchants',
    'server/http',
    'server/payments',
  ],
  'server/invariants': ['contract', 'server/ops', 'server/store', 'server/http', 'server/events', 'server/payments'],
  'server/config': [
    'server/checkout',
    'server/ops',
    'server/environment',
    'server/secrets',
    'server/payments',
    'server/merchants',
    'server/http',
  ],
  'server/app': [
    'contract',
    'server/config',
    'server/ops',
    'server/secrets',
    'server/store',
    'server/providers',
    'server/http',
    'server/events',
    'server/payments',
    'server/reconciliation',
    'server/invariants',
    'server/checkout',
    'server/webhooks',
  ],
  'server/main': ['server/app', 'server/config', 'server/ops', 'server/store', 'server/http'],
  'demo/sandbox': ['contract', 'server/ops'],
  // A merchant's site: it knows the server by its API.
  'demo/shop': ['contract', 'demo/config', 'demo/sandbox'],
  // Another one, on an origin of its own; of the first it has what makes HTML.
  'demo/item-shop': ['contract', 'demo/config', 'demo/sandbox', 'demo/shop'],
  'widget/providers': ['contract'],
  'widget/checkout': ['contract', 'widget/providers'],
  'widget/i18n': ['contract', 'widget/providers', 'widget/checkout'],
  'widget/element': [],
  'widget/pay-checkout': ['contract', 'widget/element', 'widget/providers', 'widget/checkout', 'widget/i18n'],
  'widget/history': ['contract', 'widget/checkout'],
  'widget/pay-history': [
    'contract',
    'widget/element',
    'widget/checkout',
    'widget/history',
    'widget/i18n',
    'widget/pay-checkout',
  ],
  'widget/index': ['widget/pay-checkout', 'widget/pay-history'],
  'widget/define': ['widget/pay-checkout'],
  'widget/define-history': ['widget/pay-history'],
  'widget/script': ['widget/define', 'widget/define-history', 'widget/pay-checkout'],
  'widget/single': ['widget/script', 'widget/define-history'],
};

/** Pure rules: no I/O of their own, so that they can be read and tested as a specification. */
const pure = [
  'attempts.ts',
  'closing.ts',
  'conclude.ts',
  'confirm.ts',
  'due-times.ts',
  'facts.ts',
  'payment.ts',
  'refund-requests.ts',
  'refunds.ts',
  'schedule.ts',
  'states.ts',
  'telling.ts',
].map((file) => `server/payments/${file}`);

const root = fileURLToPath(new URL('../../../', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** `server/http/mount.ts` → `server/http`; `server/app.ts` → `server/app`; `contract/money.ts` → `contract`. */
function roomOf(file: string): string {
  const parts = file.replace(/\.(js|ts)$/, '').split('/');
  return parts[0] === 'contract' ? 'contract' : parts.slice(0, 2).join('/');
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map((match) => match[1] as string);
}

const files = ['contract', 'server', 'demo/sandbox', 'demo/shop', 'demo/item-shop', 'widget'].flatMap(filesBelow);
const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({
      file,
      from: roomOf(file),
      to: roomOf(
        normalize(join(dirname(file), target))
          .split(sep)
          .join('/'),
      ),
    })),
);

describe('the house', () => {
  test('every room is in the table, and every room of the table exists', () => {
    expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(arrows).sort());
  });

  test.each(Object.keys(arrows))('%s knows only the rooms it may know', (room) => {
    const strangers = edges.filter(({ from, to }) => from === room && to !== room && !arrows[room]?.includes(to));
    expect(strangers.map(({ file, to }) => `${file} → ${to}`)).toEqual([]);
  });

  test('the table itself has no cycle', () => {
    const reaches = (from: string, seen: readonly string[] = []): string[] =>
      seen.includes(from) ? [...seen, from] : (arrows[from] ?? []).flatMap((to) => reaches(to, [...seen, from]));
    for (const room of Object.keys(arrows)) {
      const path = reaches(room);
      expect(path.filter((name) => name === room).length, room).toBeLessThanOrEqual(1);
    }
  });

  test('the heart of payments is pure: it imports no port’s implementation, no store, no HTTP', () => {
    const allowed = /^\.\/|^\.\.\/ops\/(clock|ids)\.js$|^\.\.\/\.\.\/contract\/|^node:crypto$/;
    const typesOnly = /^import type [^;]*from '\.\.\/providers\/provider\.js'/m;
    for (const file of pure) {
      const outside = importsOf(file).filter((target) => !allowed.test(target));
      const text = readFileSync(join(root, file), 'utf8');
      for (const target of outside) {
        const isPort = target === '../providers/provider.js' && typesOnly.test(text);
        const isDefinition = file.endsWith('payment.ts') && target === '../store/store.js';
        expect(isPort || isDefinition, `${file} imports ${target}`).toBe(true);
      }
    }
  });

  test('the contract knows neither browser nor server', () => {
    for (const file of filesBelow('contract')) {
      expect(importsOf(file).filter((target) => !target.startsWith('./'))).toEqual([]);
    }
  });

  test('what runs in a page loads Lit and no other package, and only the element knows Lit', () => {
    for (const file of filesBelow('widget')) {
      const text = readFileSync(join(root, file), 'utf8').replace(/^import type [^;]*;$/gm, '');
      const loaded = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^'.][^']*)'/g)].map((match) => match[1] as string);
      const allowed = /^widget\/(providers|checkout|history|i18n)\//.test(file) ? /^$/ : /^lit(\/|$)/;
      expect(
        loaded.filter((target) => !allowed.test(target)),
        file,
      ).toEqual([]);
    }
  });

  test('mongoose is loaded by the Mongo engine alone', () => {
    const users = files.filter((file) => importsOf(file).includes('mongoose'));
    expect(users.filter((file) => !file.startsWith('server/store/mongo'))).toEqual([]);
  });
});
