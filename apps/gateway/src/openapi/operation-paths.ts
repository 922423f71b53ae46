import { headerNames } from '@millrace/contracts';
import { hasField } from '../rest/operation-fields.js';
import type { BoundOperation } from '../rest/rest.controller.js';
import { schemaOf } from './dto-schemas.js';
import { failures } from './failures.js';
import { refTo, type Parameter, type PathOperation, type Paths, type Schema } from './schema.js';

type Schemas = Record<string, Schema>;

const pathParameters = (path: string): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

const without = (schema: Schema, names: string[]): Schema => ({
  ...schema,
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name)),
  ),
  required: schema.required?.filter((name) => !names.includes(name)) ?? [],
});

const parametersOf = ({ request, http }: BoundOperation, schemas: Schemas): Parameter[] => {
  const { properties = {}, required = [] } = schemaOf(request, schemas);
  const inPath = pathParameters(http.path);
  const path = inPath.map((name): Parameter => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? {},
  }));
  const query = Object.entries(properties)
    .filter(([name]) => http.method === 'GET' && !inPath.includes(name))
    .map(([name, schema]): Parameter => ({ name, in: 'query', required: required.includes(name), schema }));
  const key: Parameter = {
    name: headerNames.idempotencyKey,
    in: 'header',
    required: false,
    description: 'Doing it twice under one key does it once. The same as the field idempotencyKey.',
    schema: { type: 'string', maxLength: 256 },
  };
  return [...path, ...query, ...(hasField(request, 'idempotencyKey') ? [key] : [])];
};

/** The body is the request without what the path says; its key may come as a header, so it is required nowhere. */
const bodyOf = ({ request, http }: BoundOperation, schemas: Schemas): PathOperation['requestBody'] => {
  const whole = schemaOf(request, schemas);
  const schema = without(whole, pathParameters(http.path));
  if (http.method === 'GET' || Object.keys(schema.properties ?? {}).length === 0) return undefined;
  const required = schema.required?.filter((name) => name !== 'idempotencyKey') ?? [];
  return { required: true, content: { 'application/json': { schema: { ...schema, required } } } };
};

const toOpenApi = (operation: BoundOperation, schemas: Schemas): PathOperation => {
  const { service, name, summary, response, http } = operation;
  const parameters = parametersOf(operation, schemas);
  const requestBody = bodyOf(operation, schemas);
  const schema = schemas[response.name] ? refTo(response.name) : schemaOf(response, schemas);
  return {
    operationId: `${service}.${name}`,
    summary,
    tags: [service],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(requestBody ? { requestBody } : {}),
    responses: {
      [http.status ?? 200]: { description: summary, content: { 'application/json': { schema } } },
      default: failures.problem,
    },
  };
};

export const operationPaths = (operations: readonly BoundOperation[], schemas: Schemas): Paths => {
  const paths: Paths = {};
  for (const operation of operations) {
    const path = operation.http.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.http.method.toLowerCase()]: toOpenApi(operation, schemas) };
  }
  return paths;
};
