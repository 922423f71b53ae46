import {
  EndpointName,
  InferenceServerMetadata,
  ModelStatisticsList,
  RepositoryIndex,
  RepositoryQuery,
  ServedModelConfig,
  ServedModelMetadata,
  ServedModelReady,
} from '@millrace/contracts';
import { schemaOf } from './dto-schemas.js';
import { failures } from './failures.js';
import {
  refTo,
  type Content,
  type Parameter,
  type PathOperation,
  type Paths,
  type Schema,
} from './schema.js';

const oip = 'open inference protocol';
const json = (schema: Schema): Content => ({ 'application/json': { schema } });

const get = (
  operationId: string,
  summary: string,
  schema: Schema,
  parameters: Parameter[] = [],
): PathOperation => ({
  operationId,
  summary,
  tags: [oip],
  ...(parameters.length > 0 ? { parameters } : {}),
  responses: { '200': { description: summary, content: json(schema) }, default: failures.inference },
});

const statistics = 'What all replicas did with it since they started';

const post = (
  operationId: string,
  summary: string,
  answer: Schema,
  body: Schema,
  parameters: Parameter[],
) => ({
  ...get(operationId, summary, answer, parameters),
  requestBody: { required: false, content: json(body) },
});

const infer = (operationId: string, parameters: Parameter[]): PathOperation => ({
  operationId,
  summary: 'Predict from tensors',
  tags: [oip],
  parameters,
  requestBody: { required: true, content: json(refTo('InferRequest')) },
  responses: {
    '200': { description: 'The outputs', content: json(refTo('InferResponse')) },
    default: failures.inference,
  },
});

/** The Open Inference Protocol's routes once without and once with a version, and predictions from plain records. */
export const inferencePaths = (schemas: Record<string, Schema>): Paths => {
  const endpointName = schemaOf(EndpointName, schemas).properties?.endpoint ?? {};
  const model: Parameter = { name: 'model', in: 'path', required: true, schema: endpointName };
  const version: Parameter = {
    name: 'version',
    in: 'path',
    required: true,
    schema: { type: 'integer', minimum: 1 },
  };
  const of = (path: string, suffix: string, parameters: Parameter[]): Paths => ({
    [path]: {
      get: get(`model.metadata${suffix}`, 'Inputs and outputs', refTo(ServedModelMetadata.name), parameters),
    },
    [`${path}/ready`]: {
      get: get(`model.ready${suffix}`, 'Is it served now', refTo(ServedModelReady.name), parameters),
    },
    [`${path}/config`]: {
      get: get(`model.config${suffix}`, 'As Triton says it', refTo(ServedModelConfig.name), parameters),
    },
    [`${path}/stats`]: {
      get: get(`model.stats${suffix}`, statistics, refTo(ModelStatisticsList.name), parameters),
    },
    [`${path}/infer`]: { post: infer(`infer${suffix}`, parameters) },
  });
  const nothing: Schema = { type: 'object' };
  return {
    '/v1/endpoints/{endpoint}/predict': {
      post: {
        operationId: 'predict',
        summary: 'Predict from plain records',
        tags: ['inference'],
        parameters: [{ name: 'endpoint', in: 'path', required: true, schema: endpointName }],
        requestBody: { required: true, content: json(refTo('RowsRequest')) },
        responses: {
          '200': { description: 'One prediction per row', content: json(refTo('RowsResponse')) },
          default: failures.problem,
        },
      },
    },
    '/v2': { get: get('server.metadata', 'What answers here', refTo(InferenceServerMetadata.name)) },
    '/v2/health/live': { get: get('server.live', 'Is the gateway up', nothing) },
    '/v2/health/ready': { get: get('server.ready', 'Can predictions be answered', nothing) },
    '/v2/models/stats': { get: get('models.stats', statistics, refTo(ModelStatisticsList.name)) },
    '/v2/repository/index': {
      post: post(
        'repository.index',
        'Every endpoint, ready or not',
        schemaOf(RepositoryIndex, schemas).properties?.models ?? {},
        refTo(RepositoryQuery.name),
        [],
      ),
    },
    '/v2/repository/models/{model}/load': {
      post: post('model.load', 'Serve again what was unloaded', nothing, nothing, [model]),
    },
    '/v2/repository/models/{model}/unload': {
      post: post('model.unload', 'Take it out of memory, on every replica', nothing, nothing, [model]),
    },
    ...of('/v2/models/{model}', '', [model]),
    ...of('/v2/models/{model}/versions/{version}', '.version', [model, version]),
  };
};
