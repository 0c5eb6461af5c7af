import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { elementsOf, readManifest, undescribed } from '../../build/manifest.js';
import { pageFigures } from './page-figures.js';
import { type Row, row, table } from './report.js';

// What a page loads, by gzip at level 9, and what it is like there in a real browser. `npm run size`, `-- --json` for machines. Where
// `CI` is set it ends with 1 if a goal that was once met is missed, or a figure that never met its goal grows beyond what was reached; what
// is timed decides nothing. It builds in memory by itself.

type Chunk = Rolldown.OutputChunk;

const root = fileURLToPath(new URL('../..', import.meta.url));
const kb = 1_024;
const launchers = ['toss', 'portone-v2', 'portone-v1'];

/** CPU time, which is the machine's as much as ours: printed, and for a reader to judge, as all that is timed. */
const timed = /^tasks over 50 ms/;
/** One goal is not met: what was reached instead, in KB. Lower it when the figures fall; a new missed goal has no place here. */
const reached: readonly (readonly [figure: RegExp, atMost: number])[] = [[/^all of a card payment/, 28.9]];

async function builtFiles(): Promise<readonly (Chunk | Rolldown.OutputAsset)[]> {
  const built = await build({ root, logLevel: 'warn', build: { write: false } });
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rolldown.RolldownOutput[];
  return outputs.flatMap(({ output }) => output);
}

/** A chunk, and all that comes with it at once. */
function withImports(all: readonly Chunk[], from: Chunk): Set<Chunk> {
  const found = new Set([from]);
  for (const { imports } of found) for (const chunk of all) if (imports.includes(chunk.fileName)) found.add(chunk);
  return found;
}

const sizeOf = (chunks: Iterable<Chunk>) =>
  [...chunks].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0) / kb;

/** What a card that is paid in the page, in Korean, never asks for; nor does a page that asks the shopper nothing. */
const otherWays = [
  'en',
  'inputs',
  'input-styles',
  'account',
  'deposit',
  'banks',
  'stopped',
  'refunds',
  'modal',
  'provider-place',
  'portone-v1-ui',
  'portone-v2-ui',
  'portone-v2-results',
  'portone-place',
  'toss-widget',
  'toss-errors',
  'mistake',
  'in-app-browser',
  'define-history',
  'history-texts-en',
  'upkeep',
  'deposits',
  'refund-rows',
];

/** A card payment loads the core, the launcher of its provider, and every chunk up to the receipt. */
function figures(all: readonly Chunk[]): readonly Row[] {
  const entry = all.find(({ isEntry }) => isEntry);
  if (!entry) throw new Error('the build has no entry');
  const core = withImports(all, entry);
  const lazy = all.filter((chunk) => !core.has(chunk));
  const ofProviders = lazy.filter(({ name }) => launchers.includes(name));
  // With what they bring: a chunk that a launcher brings, too, may come without that launcher.
  const ofNone = lazy
    .filter((chunk) => !otherWays.includes(chunk.name))
    .filter((chunk) => !ofProviders.some((each) => withImports(all, each).has(chunk)))
    .flatMap((chunk) => [...withImports(all, chunk)]);
  const kilobytes = (name: string, chunks: Iterable<Chunk>, atMost: number) =>
    row(name, sizeOf(chunks), 'KB', { atMost });
  return [
    kilobytes('core, gzip, with Lit', core, 16),
    ...ofProviders.map((each) =>
      kilobytes(`all of a card payment, ${each.name}`, new Set([...core, ...ofNone, ...withImports(all, each)]), 24),
    ),
    kilobytes('pay-history, on top of the core', ofHistory(all, core), 4),
    ...lazy.map((each) => kilobytes(`lazy chunk ${each.name}`, [each], 4)),
  ];
}

/** What a list of paid payments loads, in Korean; what comes after its first page are chunks of their own. */
function ofHistory(all: readonly Chunk[], core: ReadonlySet<Chunk>): readonly Chunk[] {
  const history = all.find(({ name }) => name === 'define-history');
  if (!history) throw new Error('the build has no pay-history');
  return [...withImports(all, history)].filter((chunk) => !core.has(chunk));
}

const files = await builtFiles();
const texts = files.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)] as const);
const rows = [
  ...figures(files.filter((file) => file.type === 'chunk')),
  row('manifest entries without a description', undescribed(elementsOf(await readManifest())).length, '', {
    atMost: 0,
  }),
  ...(await pageFigures(new Map(texts))),
];
process.stdout.write(process.argv.includes('--json') ? `${JSON.stringify(rows, null, 2)}\n` : `${table(rows)}\n`);

const hasGrown = ({ name, value, goal, ok }: Row): boolean => {
  if (ok !== false || timed.test(name)) return false;
  const atMost = reached.find(([figure]) => figure.test(name))?.[1] ?? Number(goal?.slice(2));
  return (value ?? 0) > atMost;
};
if (process.env.CI && rows.some(hasGrown)) process.exitCode = 1;
