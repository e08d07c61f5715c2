import { z } from 'zod';
import { problemSchema } from '../../protocol/http.ts';
import type { Policy, Route } from './route.ts';

type Json = Record<string, unknown>;

/** Refined and piped schemas are described by what a caller sends (`input`) or gets (`output`). */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const described: Json = { ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
  delete described['$schema'];
  delete described['~standard'];
  return described;
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): Json[] {
  const described = z
    .object({
      properties: z.record(z.string(), z.unknown()).default({}),
      required: z.array(z.string()).default([]),
    })
    .parse(schemaOf(schema, 'input'));
  return Object.entries(described.properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || described.required.includes(name),
    schema: property,
  }));
}

const securityOf: Readonly<Record<Policy, Json[]>> = {
  public: [],
  'public-visitor': [],
  console: [{ consoleCookie: [] }],
  'console-or-key': [{ consoleCookie: [] }, { apiKey: [] }],
  'owner-or-key': [{ consoleCookie: [] }, { apiKey: [] }],
  key: [{ apiKey: [] }],
};

function requestContent({ body }: Route): Json {
  switch (body.type) {
    case 'none':
      return {};
    case 'json':
      return { 'application/json': { schema: schemaOf(body.schema, 'input') } };
    case 'stream':
      return { [body.contentType]: { schema: { type: 'string', description: body.description } } };
  }
}

function responseOf(route: Route): Json {
  if (route.status === 204) return { description: 'Done' };
  const content: Json = { 'application/json': { schema: schemaOf(route.response, 'output') } };
  if (route.events !== null) {
    content['text/event-stream'] = { schema: { type: 'string', description: route.events } };
  }
  return { description: route.summary, content };
}

function operationOf(routes: readonly Route[], first: Route): Json {
  const content = Object.assign({}, ...routes.map(requestContent));
  return {
    summary: first.summary,
    tags: [first.tag],
    'x-policy': first.policy,
    security: securityOf[first.policy],
    parameters: [...parametersOf(first.params, 'path'), ...parametersOf(first.query, 'query')],
    ...(Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } }),
    responses: {
      [first.status]: responseOf(first),
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** OpenAPI 3.1 of the table that is mounted, so that the two cannot differ. */
export function describeRoutes(routes: readonly Route[], options: { version: string; prefix: string }): Json {
  const paths: Record<string, Json> = {};
  for (const first of routes) {
    const path = options.prefix + first.path.replaceAll(/:(\w+)/g, '{$1}');
    const sharing = routes.filter((other) => other.path === first.path && other.method === first.method);
    if (sharing[0] !== first) continue;
    paths[path] = { ...paths[path], [first.method]: operationOf(sharing, first) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskbell',
      version: options.version,
      description: 'Errors are RFC 9457 problem details with a stable `code`; times are UTC, ISO 8601.',
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, made in the console or with `deskbell keys`.',
        },
        consoleCookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'deskbell-console',
          description: 'The console session. Changes also need `x-deskbell-console: 1` and our own Origin.',
        },
      },
    },
  };
}
