import type { Element } from './manifest.js';
import { attributesOf } from './manifest.js';

const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const code = (text: string) => (text.trim() === '' ? '' : `\`${cell(text)}\``);
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** Types as people read them: without the `undefined` of what may be left out. */
const readable = (type: string) => type.replace(/\s*\|\s*undefined\b/g, '');

const attributes = (element: Element): string =>
  table(
    ['Attribute', 'Property', 'Type', 'Default', 'What it does'],
    attributesOf(element).map(({ name, field, type, fallback, description }) => [
      code(name),
      name === field ? '' : code(field),
      code(readable(type)),
      code(fallback),
      cell(description),
    ]),
  );

const events = (element: Element): string =>
  table(
    ['Event', 'Class', 'When, and what happens by default'],
    (element.events ?? []).map(({ name, type, description = '' }) => [
      code(name),
      code(type?.text ?? ''),
      cell(description),
    ]),
  );

const named = (head: string, entries: readonly { name: string; description?: string }[], unnamed = ''): string =>
  table(
    [head, ''],
    entries.map(({ name, description = '' }) => [name === '' ? unnamed : code(name), cell(description)]),
  );

/** Members without an attribute of their own. */
function properties(element: Element): string {
  const known = new Set(attributesOf(element).map(({ field }) => field));
  const fields = (element.members ?? []).filter((member) => member.kind === 'field' && !known.has(member.name));
  return named('Property', fields);
}

function methods(element: Element): string {
  const found = (element.members ?? []).filter((member) => member.kind === 'method');
  return named(
    'Method',
    found.map(({ name, description = '' }) => ({ name: `${name}()`, description })),
  );
}

const cssProperties = (element: Element): string =>
  table(
    ['CSS property', 'Default', ''],
    (element.cssProperties ?? []).map(({ name, default: fallback = '', description = '' }) => [
      code(name),
      code(fallback),
      cell(description),
    ]),
  );

/** The two tables of the README. */
export const shortTables = (element: Element): string => [attributes(element), events(element)].join('\n\n');

/** All that a page may use of an element. */
export const fullTables = (element: Element): string =>
  [
    attributes(element),
    properties(element),
    events(element),
    methods(element),
    named('Slot', element.slots ?? [], '(default)'),
    named('Part', element.cssParts ?? []),
    cssProperties(element),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
