import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Element, elementsOf, readManifest, root } from './manifest.js';
import { fullTables, shortTables } from './tables.js';

/** Which file gets which tables, between its markers. */
const places: readonly [file: string, tables: (element: Element) => string][] = [
  ['README.md', shortTables],
  ['docs/element.md', fullTables],
];

const begin = '<!-- made from the manifest by `npm run docs` -->';
const end = '<!-- end -->';

function replaced(file: string, text: string, made: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no place between "${begin}" and "${end}"`);
  return `${text.slice(0, from)}${begin}\n\n${made}\n\n${text.slice(to)}`;
}

/** Each file as it is, and as the manifest wants it. */
export async function documents(): Promise<readonly { file: string; is: string; shouldBe: string }[]> {
  const [element] = elementsOf(await readManifest());
  if (!element) throw new Error('the manifest has no element');
  return places.map(([file, tables]) => {
    const is = readFileSync(join(root, file), 'utf8');
    return { file, is, shouldBe: replaced(file, is, tables(element)) };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const { file, shouldBe } of await documents()) writeFileSync(join(root, file), shouldBe);
