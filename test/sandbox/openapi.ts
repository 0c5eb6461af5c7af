import { readFileSync } from 'node:fs';

type Schema = any;

const document: Schema = JSON.parse(
  readFileSync(new URL('../support/portone-v2.openapi.json', import.meta.url), 'utf8'),
);

const resolve = (schema: Schema): Schema =>
  schema.$ref ? resolve(document.components.schemas[schema.$ref.split('/').at(-1)]) : schema;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** What is wrong with a value, in words with their paths; nothing when it fits. Fields that the schema does not know are wrong too. */
export function mistakes(value: any, given: Schema, path = '$'): string[] {
  const schema = resolve(given);
  if (schema.discriminator) {
    const { propertyName, mapping } = schema.discriminator;
    const chosen = mapping[value?.[propertyName]];
    return chosen
      ? mistakes(value, { $ref: chosen }, path)
      : [`${path}.${propertyName}: ${value?.[propertyName]} is none of ${Object.keys(mapping)}`];
  }
  if (schema.enum)
    return schema.enum.includes(value) ? [] : [`${path}: ${value} is none of ${schema.enum.slice(0, 9)}`];
  switch (schema.type) {
    case 'object':
      return objectMistakes(value, schema, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((each, index) => mistakes(each, schema.items, `${path}[${index}]`))
        : [`${path}: no array`];
    case 'integer':
      return Number.isSafeInteger(value) ? [] : [`${path}: no integer`];
    case 'number':
    case 'boolean':
      return typeof value === schema.type ? [] : [`${path}: no ${schema.type}`];
    case 'string':
      if (typeof value !== 'string') return [`${path}: no string`];
      return schema.format === 'date-time' && !instant.test(value) ? [`${path}: no instant`] : [];
    default:
      throw new Error(`${path}: a schema that the check does not know: ${JSON.stringify(schema).slice(0, 200)}`);
  }
}

function objectMistakes(value: any, { properties = {}, required = [] }: Schema, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: no object`];
  const missing = required
    .filter((name: string) => value[name] === undefined)
    .map((name: string) => `${path}.${name}: missing`);
  const inside = Object.entries(value).flatMap(([name, each]) =>
    properties[name] ? mistakes(each, properties[name], `${path}.${name}`) : [`${path}.${name}: unknown`],
  );
  return [...missing, ...inside];
}

/** Holds one answer against an operation of the schema: its status must be one of the operation's, an error's its type's own. */
export function answerMistakes(
  method: string,
  path: string,
  { status, body }: { status: number; body: any },
): string[] {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) return [`${method} ${path}: no such operation`];
  const schema = operation.responses[status]?.content['application/json'].schema;
  if (!schema) return [`${method} ${path}: no status ${status}`];
  const found = mistakes(body, schema);
  if (status < 400 || found.length > 0) return found;
  const error = resolve({ $ref: resolve(schema).discriminator.mapping[body.type] });
  const real = error['x-portone-status-code'];
  return real === status ? [] : [`${body.type}: ${status}, the schema says ${real}`];
}
