import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { createDocument } from 'zod-openapi';
import type { ErrorCode } from '../../contract/index.js';
import { errorCodes } from '../../contract/index.js';
import { callerNames } from './caller.js';
import { kindsOf, type ResponseDoc, type Route } from './route.js';

/** The API description, OpenAPI 3.1. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    refund: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. `code` is stable; `detail` is for people.' });

const problemResponse = {
  description: 'A problem; see `code`.',
  content: { 'application/problem+json': { schema: problem } },
};

const bearer = (description: string) => ({ type: 'http', scheme: 'bearer', description }) as const;
const securitySchemes = Object.fromEntries(
  Object.entries(callerNames).map(([kind, name]) => [kind, bearer(`Authorization: Bearer, with ${name}.`)]),
);

/** Several schemas for one place (by kind of caller) are alternatives. */
function anyOf(schemas: readonly z.ZodType[]): z.ZodType | undefined {
  const different = [...new Set(schemas)];
  return different.length > 1 ? z.union(different as [z.ZodType, z.ZodType]) : different[0];
}

function responsesOf(routes: readonly Route[]): ZodOpenApiResponsesObject {
  const byStatus = new Map<number, ResponseDoc[]>();
  for (const { responses } of routes) {
    for (const [status, doc] of Object.entries(responses)) {
      byStatus.set(Number(status), [...(byStatus.get(Number(status)) ?? []), doc]);
    }
  }
  const described = [...byStatus].map(([status, docs]) => {
    const schema = anyOf(docs.flatMap((doc) => (doc.schema ? [doc.schema] : [])));
    const description = [...new Set(docs.map((doc) => doc.description))].join(' / ');
    return [String(status), { description, ...(schema ? { content: { 'application/json': { schema } } } : {}) }];
  });
  return { ...Object.fromEntries(described), default: problemResponse };
}

const idempotencyHeader = (required: boolean) => {
  const key = z.string().min(16).max(255).meta({
    description:
      'Makes the call repeatable: the same key with the same body gives the same result. ≥ 22 characters with a publishable key.',
  });
  return z.object({ 'Idempotency-Key': required ? key : key.optional() });
};

/** Only objects can be split into parameters; a route's are by convention. */
const asObject = (schema: z.ZodType | undefined) => (schema instanceof z.ZodObject ? schema : undefined);

function operationOf(routes: readonly Route[]): ZodOpenApiOperationObject {
  const [first] = routes;
  if (!first) throw new Error('no route');
  const summaries = [...new Set(routes.map((each) => each.summary))];
  const descriptions = routes.flatMap((each) => (each.description ? [each.description] : []));
  const kinds = routes.flatMap(kindsOf);
  const body = first.raw ? z.unknown() : anyOf(routes.flatMap((each) => (each.body ? [each.body] : [])));
  const path = asObject(first.params);
  const query = asObject(first.query);
  return {
    summary: summaries.join(' / '),
    ...(descriptions.length > 0 ? { description: descriptions.join('\n\n') } : {}),
    tags: [first.tag ?? first.path.split('/')[1] ?? 'api'],
    security: kinds.map((kind) => ({ [kind]: [] })),
    requestParams: {
      ...(path ? { path } : {}),
      ...(query ? { query } : {}),
      ...(first.idempotencyKey === 'none' ? {} : { header: idempotencyHeader(first.idempotencyKey === 'required') }),
    },
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    responses: responsesOf(routes),
  };
}

/** Describes the routes, as they are mounted below `prefix`. */
export function openapi(
  routes: readonly Route[],
  options: { readonly publicUrl: string; readonly prefix?: string },
): OpenApiDocument {
  const prefix = options.prefix ?? '/api/v1';
  const grouped = new Map<string, Map<Route['method'], Route[]>>();
  for (const each of routes) {
    const path = prefix + each.path.replaceAll(/:(\w+)/g, '{$1}');
    const methods = grouped.get(path) ?? new Map<Route['method'], Route[]>();
    methods.set(each.method, [...(methods.get(each.method) ?? []), each]);
    grouped.set(path, methods);
  }
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, methods] of grouped) {
    paths[path] = Object.fromEntries([...methods].map(([method, same]) => [method, operationOf(same)]));
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'pay-checkout',
      version: '1',
      description:
        'Money is in minor units with its currency; instants are RFC 3339 in UTC. Unknown fields are refused.',
    },
    servers: [{ url: options.publicUrl }],
    paths,
    components: { securitySchemes },
  });
}
