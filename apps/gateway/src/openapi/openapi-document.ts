import { operations as allOperations, type Operation } from '@millrace/contracts';
import { boundOperations } from '../rest/rest.controller.js';
import { dtoSchemas, reachable } from './dto-schemas.js';
import { eventPaths } from './event-paths.js';
import { failureSchemas } from './failures.js';
import { inferencePaths } from './inference-paths.js';
import { inferenceSchemas } from './inference-schemas.js';
import { operationPaths } from './operation-paths.js';
import { schemaPaths } from './schema-paths.js';
import type { OpenApiDocument } from './schema.js';

const description = [
  'Machine-learning pipelines as independent microservices. The same operations answer over NATS request-reply, on the',
  'subject `millrace.v1.<service>.<noun>.<verb>`, with the same bodies and error codes.',
  '',
  'Every request may carry `Millrace-Timeout` (how many milliseconds its sender waits: work past that is refused), or',
  '`Millrace-Deadline` (the same as a time of day, in epoch milliseconds, for whom clocks agree), and `traceparent`.',
].join('\n');

/** What the gateway answers to, as OpenAPI 3.1. */
export const openApiDocument = (
  version: string,
  operations: readonly Operation[] = allOperations,
): OpenApiDocument => {
  const schemas = { ...dtoSchemas(), ...failureSchemas, ...inferenceSchemas };
  const bound = boundOperations(operations);
  const paths = {
    ...operationPaths(bound, schemas),
    ...eventPaths(schemas),
    ...schemaPaths,
    ...inferencePaths(schemas),
  };
  const tags = new Set(
    Object.values(paths).flatMap((path) => Object.values(path).flatMap(({ tags }) => tags)),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Millrace',
      version,
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: { schemas: reachable(paths, schemas) },
  };
};
