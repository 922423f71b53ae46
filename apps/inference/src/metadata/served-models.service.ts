import {
  DomainError,
  type InferenceServerMetadata,
  type RepositoryIndex,
  type RepositoryQuery,
  type ServedModel,
  type ServedModelConfig,
  type ServedModelMetadata,
  type ServedModelReady,
  type TensorSpec,
} from '@millrace/contracts';
import { Injectable } from '@nestjs/common';
import { InferenceEnv } from '../config/inference.env.js';
import { Reconciliation } from '../reconcile/reconciliation.js';
import { Endpoints } from '../serving/endpoints.js';
import type { ServedEndpoint } from '../serving/served-endpoint.js';
import { UnknownModel } from '../serving/unknown-model.js';
import { describeRepository } from './describe-repository.js';
import { modelConfig } from './model-config.js';
import { version } from '../version.js';

const toMetadata = ({ name, datatype, shape }: TensorSpec) => ({ name, datatype, shape });

/** What is there of Triton's extensions, by the names that it has for them. */
const extensions = [
  'binary_tensor_data',
  'classification',
  'model_configuration',
  'model_repository',
  'parameters',
  'statistics',
] as const;

const unknowing = () => new DomainError('unavailable', 'this replica does not know yet what to serve');

@Injectable()
export class ServedModelsService {
  constructor(
    private readonly endpoints: Endpoints,
    private readonly reconciliation: Reconciliation,
    private readonly env: InferenceEnv,
  ) {}

  server(): InferenceServerMetadata {
    return { name: 'millrace', version, extensions: [...extensions] };
  }

  metadata(request: ServedModel): ServedModelMetadata {
    const endpoint = this.served(request.endpoint);
    const { model } = this.find(endpoint, request);
    return {
      name: endpoint.name,
      versions: endpoint.targets.map(({ target }) => String(target.version)),
      platform: 'onnx_onnxv1',
      inputs: model.interface.signature.inputs.map(toMetadata),
      outputs: model.interface.signature.outputs.map(toMetadata),
    };
  }

  config(request: ServedModel): ServedModelConfig {
    const endpoint = this.served(request.endpoint);
    const { model } = this.find(endpoint, request);
    return modelConfig(endpoint.name, model.interface, this.env.MAX_BATCH_ROWS);
  }

  /** @throws DomainError `unavailable` before this replica knows what to serve */
  index({ ready = false }: RepositoryQuery): RepositoryIndex {
    const { wanted, attempts } = this.reconciliation.state;
    if (!wanted) throw unknowing();
    const models = describeRepository(wanted, this.endpoints.all(), attempts);
    return { models: ready ? models.filter(({ state }) => state === 'READY') : models };
  }

  ready(request: ServedModel): ServedModelReady {
    const endpoint = this.endpoints.get(request.endpoint);
    if (endpoint?.unloaded) return { name: endpoint.name, ready: false, reason: 'it is unloaded' };
    if (endpoint) {
      const { outage } = this.find(endpoint, request).model;
      return { name: endpoint.name, ready: !outage, ...(outage ? { reason: outage.message } : {}) };
    }
    const absence = this.absence(request.endpoint);
    if (absence.code === 'not_found') throw absence;
    return { name: request.endpoint, ready: false, reason: absence.message };
  }

  /** @throws UnknownModel; DomainError `unavailable` when it is wanted and not served here */
  served(name: string): ServedEndpoint {
    const endpoint = this.endpoints.get(name);
    if (!endpoint) throw this.absence(name);
    return endpoint;
  }

  private find(endpoint: ServedEndpoint, { version }: ServedModel) {
    return endpoint.find(version === undefined ? undefined : String(version));
  }

  /** Why an endpoint is not served here. */
  private absence(endpoint: string): DomainError {
    const { wanted, attempts } = this.reconciliation.state;
    if (!wanted) return unknowing();
    if (!wanted.has(endpoint)) return new UnknownModel(endpoint);
    const error = attempts.get(endpoint)?.error;
    return new DomainError(
      'unavailable',
      error ? `'${endpoint}' is not served: ${error.message}` : `'${endpoint}' is being loaded`,
    );
  }
}
