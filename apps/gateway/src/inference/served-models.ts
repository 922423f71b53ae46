import { Injectable } from '@nestjs/common';
import {
  DomainError,
  endpointNamePattern,
  modelConfig,
  modelMetadata,
  modelReady,
  modelStatistics,
  serverMetadata,
  sumStatistics,
  type InferenceServerMetadata,
  type ModelStatisticsList,
  type ServedModel,
  type ServedModelConfig,
  type ServedModelMetadata,
} from '@millrace/contracts';
import { MessagingClient } from '@millrace/messaging';
import { unknownModel } from './predictions.js';
import { repliesOf } from './replies-of.js';

export interface Readiness {
  name: string;
  ready: boolean;
  error?: string;
}

const timeoutMs = 2_000;

const named = (endpoint: string, version?: string): ServedModel => {
  const known =
    endpointNamePattern.test(endpoint) && (version === undefined || /^[1-9]\d{0,8}$/.test(version));
  if (!known) throw unknownModel(endpoint, version);
  return { endpoint, ...(version === undefined ? {} : { version: Number(version) }) };
};

/** What the inference service says of itself and of the models that it serves. */
@Injectable()
export class ServedModels {
  constructor(private readonly client: MessagingClient) {}

  server(): Promise<InferenceServerMetadata> {
    return this.client.request(serverMetadata, {}, { timeoutMs });
  }

  metadata(endpoint: string, version?: string): Promise<ServedModelMetadata> {
    return this.client.request(modelMetadata, named(endpoint, version), { timeoutMs });
  }

  config(endpoint: string, version?: string): Promise<ServedModelConfig> {
    return this.client.request(modelConfig, named(endpoint, version), { timeoutMs });
  }

  /** What all replicas did together: of all endpoints, of one, or of one version. */
  async statistics(endpoint?: string, version?: string): Promise<ModelStatisticsList> {
    const query = endpoint === undefined ? {} : named(endpoint, version);
    return sumStatistics(repliesOf(await this.client.requestAll(modelStatistics, query, { timeoutMs })));
  }

  async ready(endpoint: string, version?: string): Promise<Readiness> {
    const { name, ready, reason } = await this.client.request(modelReady, named(endpoint, version), {
      timeoutMs,
    });
    return { name, ready, ...(ready ? {} : { error: reason ?? `'${name}' is not ready` }) };
  }

  /** Ready for predictions, not for everything else: the control plane may be away. */
  async serverReady(): Promise<{ ready: true }> {
    try {
      await this.server();
      return { ready: true };
    } catch (cause) {
      throw new DomainError('unavailable', 'no inference service answers', { cause });
    }
  }
}
