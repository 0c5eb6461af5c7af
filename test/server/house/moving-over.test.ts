import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oldNames } from '../../../server/merchants/old-names.js';
import { createWorld, type World } from '../../support/world.js';

/** README's table for shops that move over says nothing that the API, or the configuration, does not have. */

interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface Api {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let world: World;
let api: Api;
beforeAll(async () => {
  world = await createWorld();
  api = (await (await fetch(`${world.url}/openapi.json`)).json()) as Api;
});
afterAll(() => world.close());

const document = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const section = document('README.md').split('## Moving a shop over')[1]?.split('\n## ')[0] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, before = '', here = '', mind = '']) => ({ before, here, mind }));
const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
const isPath = (word: string) => /^(GET|POST|PATCH) \//.test(word);
const isVariable = (word: string) => /^[A-Z][A-Z0-9_]+$/.test(word);
const fieldRows = rows.filter(({ before }) => !codes(before).some((word) => isPath(word) || isVariable(word)));

function operation(words: string): Operation | undefined {
  const [method = '', path = ''] = words.split(' ');
  const full = path.startsWith('/api/v1') ? path : `/api/v1${path}`;
  return api.paths[full]?.[method.toLowerCase()];
}

const schemasOf = ({ requestBody, responses }: Operation): Schema[] =>
  [
    requestBody?.content,
    ...Object.entries(responses).flatMap(([status, { content }]) => (status[0] === '2' ? content : [])),
  ]
    .flatMap((content) => Object.values(content ?? {}))
    .flatMap(({ schema }) => schema ?? []);

/** Does it have `lines[].item`? */
function has(schema: Schema | undefined, path: readonly string[]): boolean {
  if (!schema) return false;
  if (schema.$ref) return has(api.components.schemas[schema.$ref.split('/').at(-1) as string], path);
  if (schema.anyOf) return schema.anyOf.some((one) => has(one, path));
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const name = step.replace('[]', '');
  const inner = schema.properties?.[name];
  return inner !== undefined && has(step === name ? inner : itemsOf(inner), rest);
}
const itemsOf = (schema: Schema): Schema | undefined =>
  schema.$ref ? itemsOf(api.components.schemas[schema.$ref.split('/').at(-1) as string] ?? {}) : schema.items;

describe('README’s table for shops that move over', () => {
  test('has every path that such a shop calls, and each of them is a route', () => {
    const paths = rows.flatMap(({ before }) => codes(before)).filter(isPath);
    expect(paths).toEqual([
      'POST /api/v1/payments/sessions',
      'GET /api/v1/payments/sessions/{id}',
      'POST /api/v1/payments/sessions/{id}/prepare',
      'POST /api/v1/payments/verify',
      'POST /api/v1/payments/webhook',
      'POST /api/v1/payments/{id}/cancel',
      'GET /api/v1/me/payments',
    ]);
    const named = rows.flatMap(({ before, here, mind }) => codes(before + here + mind)).filter(isPath);
    expect(named.filter((words) => !operation(words))).toEqual([]);
  });

  test('has every field of theirs, and ours are in the API’s description', () => {
    expect(fieldRows.flatMap(({ before }) => codes(before)).sort()).toEqual(
      'session_id merchant_uid imp_uid item_id amount currency quantity status buyer_name buyer_email buyer_tel buyer_addr buyer_postcode redirect_url paid_at'
        .split(' ')
        .sort(),
    );
    const pairs = fieldRows.flatMap(({ here, mind }) => [
      ...`${here} ${mind}`.matchAll(/`([^`]+)` of `((?:GET|POST) [^`]+)`/g),
    ]);
    expect(pairs.length).toBeGreaterThan(30);
    const missing = pairs.filter(([, field = '', words = '']) => {
      const found = operation(words);
      return !found || !schemasOf(found).some((schema) => has(schema, field.split('.')));
    });
    expect(missing.map(([text]) => text)).toEqual([]);
    // Nothing is said of a field without saying where it is.
    for (const { here } of fieldRows) expect(codes(here).length % 2, here).toBe(0);
  });

  test('has the old names of variables, as they are read, and the new ones, as they are documented', () => {
    const configuration = document('docs/configuration.md');
    const variables = rows.filter(({ before }) => codes(before).some(isVariable));
    const renamed = variables.flatMap(({ before, here }) => codes(before).map((old) => [old, codes(here)[0]] as const));
    expect(renamed.filter(([old, now]) => old !== now).sort()).toEqual([...oldNames].map(([a, b]) => [a, b]).sort());
    const all = variables.flatMap(({ before, here, mind }) => codes(before + here + mind)).filter(isVariable);
    expect(all.filter((name) => !configuration.includes(`\`${name}\``))).toEqual([]);
  });

  test('every status that it names is one', () => {
    const { mind = '' } = fieldRows.find(({ before }) => before === '`status`') ?? {};
    expect(mind).toMatch(/`open`.*`pending`.*`paid`.*`expired`.*`canceled`.*`refunded`.*`partially_refunded`/);
  });
});
