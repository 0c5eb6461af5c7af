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

const end = '<!-- end -->';

function replaced(file: string, text: string, tag: string, made: string): string {
  const begin = `<!-- ${tag}: made from the manifest by \`npm run docs\` -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${file} has no place between "${begin}" and "${end}"`);
  return `${text.slice(0, from)}${begin}\n\n${made}\n\n${text.slice(to)}`;
}

/** Each file as it is, and as the manifest wants it. */
export async function documents(): Promise<readonly { file: string; is: string; shouldBe: string }[]> {
  const elements = elementsOf(await readManifest());
  return places.map(([file, tables]) => {
    const is = readFileSync(join(root, file), 'utf8');
    const shouldBe = elements.reduce((text, element) => replaced(file, text, element.tagName, tables(element)), is);
    return { file, is, shouldBe };
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const { file, shouldBe } of await documents()) writeFileSync(join(root, file), shouldBe);
