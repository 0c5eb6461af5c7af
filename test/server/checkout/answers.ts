import type { World } from '../../support/world.js';

/** What the API description says of one value. Only what our description uses: a word that is not known here is an error, not a pass. */
interface Schema {
  readonly [word: string]: unknown;
}

const words = new Set(
  'type properties required additionalProperties propertyNames items enum const anyOf $ref minimum maximum minLength maxLength minItems maxItems pattern format description readOnly'.split(
    ' ',
  ),
);

type Checks = Readonly<Record<string, (value: unknown) => boolean>>;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Checks = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
};

/** Where a value is not what its schema says; empty when it is. */
export function misfits(document: unknown, schema: Schema, value: unknown, at = '$'): string[] {
  for (const word of Object.keys(schema)) if (!words.has(word)) throw new Error(`${at}: "${word}" is not checked here`);
  if (typeof schema.$ref === 'string') return misfits(document, resolved(document, schema.$ref), value, at);
  if (Array.isArray(schema.anyOf)) {
    const tries = (schema.anyOf as Schema[]).map((one) => misfits(document, one, value, at));
    return tries.reduce((best, one) => (one.length < best.length ? one : best));
  }
  const wrong: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) wrong.push(`${at}: ${what}, got ${JSON.stringify(value)?.slice(0, 80)}`);
  };
  if (typeof schema.type === 'string') check(types[schema.type]?.(value) ?? false, schema.type);
  if (Array.isArray(schema.enum)) check(schema.enum.includes(value), `one of ${schema.enum.join(', ')}`);
  if ('const' in schema) check(schema.const === value, `${schema.const}`);
  if (typeof value === 'number') {
    check(value >= ((schema.minimum as number | undefined) ?? value), `at least ${schema.minimum}`);
    check(value <= ((schema.maximum as number | undefined) ?? value), `at most ${schema.maximum}`);
  }
  if (typeof value === 'string' && typeof schema.pattern === 'string') {
    check(new RegExp(schema.pattern, 'u').test(value), `like ${schema.pattern}`);
  }
  if (Array.isArray(value) && schema.items) {
    value.forEach((one, n) => void wrong.push(...misfits(document, schema.items as Schema, one, `${at}[${n}]`)));
  }
  if (isObject(value) && schema.type === 'object') wrong.push(...objectMisfits(document, schema, value, at));
  return wrong;
}

function objectMisfits(document: unknown, schema: Schema, value: Record<string, unknown>, at: string): string[] {
  const known = (schema.properties ?? {}) as Record<string, Schema>;
  const missing = ((schema.required ?? []) as string[]).filter((name) => !Object.hasOwn(value, name));
  const rest = schema.additionalProperties;
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, inner]) => {
      const own = Object.hasOwn(known, name) ? known[name] : undefined;
      if (own) return misfits(document, own, inner, `${at}.${name}`);
      return isObject(rest) ? misfits(document, rest, inner, `${at}.${name}`) : [`${at}.${name} is not described`];
    }),
  ];
}

const resolved = (document: unknown, ref: string): Schema =>
  ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], document) as Schema;

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: Schema }>> }>>;
}
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** The operation that answers a path: fixed segments before parameters. */
function operationFor({ paths }: ApiDocument, method: string, pathname: string): Operation | undefined {
  const candidates = Object.keys(paths).filter((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  );
  const [best] = candidates.sort((a, b) => (a.match(/\{/g) ?? []).length - (b.match(/\{/g) ?? []).length);
  return best === undefined ? undefined : paths[best]?.[method.toLowerCase()];
}

/** What must never be in an answer: the world's secrets, and traces of our own code. */
const unsaid = ['test_sk_', 'test_gsk_', 'sk_test_', 'an-app-secret', 'a-cron-secret', 'a-shopper-token-secret'];
const traces = ['node_modules', '.ts:', 'at Object.'];

/** What is wrong with one answer of the API, in words. */
export function faultsOf(document: ApiDocument, method: string, url: URL, response: Response, text: string): string[] {
  const { status, headers } = response;
  const said = [...unsaid, ...traces].filter((word) => text.includes(word)).map((word) => `says ${word}`);
  const wrong = status === 500 ? [...said, 'is a 500'] : said;
  if (headers.get('access-control-allow-origin') !== '*') wrong.push('can not be read by a page of another origin');
  const operation = operationFor(document, method, url.pathname);
  const type = (headers.get('content-type') ?? '').split(';')[0] as string;
  if (status >= 400) {
    if (type !== 'application/problem+json') return [...wrong, `is an error of type ${type}`];
    const body = JSON.parse(text) as { status: number };
    const schema = { $ref: '#/components/schemas/Problem' };
    return [...wrong, ...misfits(document, schema, body), ...(body.status === status ? [] : ['says another status'])];
  }
  const described = operation?.responses[String(status)];
  if (!described) return [...wrong, `has a status ${status} that is not described`];
  const schema = described.content?.[type]?.schema;
  if (text === '') return described.content ? [...wrong, 'is empty'] : wrong;
  return schema ? [...wrong, ...misfits(document, schema, JSON.parse(text))] : [...wrong, `has a body of type ${type}`];
}

/** The same for every world of a run, and long to make. */
let described: Promise<ApiDocument> | undefined;

/**
 * From now on every answer of this world's API is compared with its own `/openapi.json`: every field described, no field missing, no 500,
 * no secret. Whoever called hears of it as a failed call. Returns the way back.
 */
export async function checkAnswers(world: Pick<World, 'url'>): Promise<() => void> {
  const plain = globalThis.fetch;
  described ??= plain(`${world.url}/openapi.json`).then((response) => response.json() as Promise<ApiDocument>);
  const document = await described;
  globalThis.fetch = async (input, init) => {
    const response = await plain(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (!url.href.startsWith(`${world.url}/api/v1/`)) return response;
    const method = init?.method ?? 'GET';
    const wrong = faultsOf(document, method, url, response, await response.clone().text());
    if (wrong.length > 0) throw new Error(`${method} ${url.pathname} (${response.status}): ${wrong.join('; ')}`);
    return response;
  };
  return () => {
    globalThis.fetch = plain;
  };
}
