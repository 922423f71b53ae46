import { Injectable } from '@nestjs/common';
import type { UntypedHandleCall } from '@grpc/grpc-js';
import type { Service } from 'protobufjs';
import type { OpenStreams } from './admission.js';
import { Calls } from './calls.js';
import { HealthCalls } from './health-calls.js';
import { InferCalls } from './infer-calls.js';
import { healthService, openInferenceService } from './messages/protocol.js';
import { ModelCalls } from './model-calls.js';
import { RepositoryCalls } from './repository-calls.js';
import { StreamInfer } from './stream-infer.js';

/** What is called, by service. */
@Injectable()
export class GrpcHandlers {
  constructor(
    private readonly calls: Calls,
    private readonly infer: InferCalls,
    private readonly stream: StreamInfer,
    private readonly models: ModelCalls,
    private readonly repository: RepositoryCalls,
    private readonly health: HealthCalls,
  ) {}

  of(streams: OpenStreams): [Service, Record<string, UntypedHandleCall>][] {
    const { calls, infer, models, repository, health } = this;
    const inference = {
      ServerLive: calls.unary('ServerLive', (m) => models.serverLive(m)),
      ServerReady: calls.unary('ServerReady', (m) => models.serverReady(m)),
      ModelReady: calls.unary('ModelReady', (m) => models.modelReady(m)),
      ServerMetadata: calls.unary('ServerMetadata', (m) => models.serverMetadata(m)),
      ModelMetadata: calls.unary('ModelMetadata', (m) => models.modelMetadata(m)),
      ModelConfig: calls.unary('ModelConfig', (m) => models.modelConfig(m)),
      ModelStatistics: calls.unary('ModelStatistics', (m) => models.modelStatistics(m)),
      RepositoryIndex: calls.unary('RepositoryIndex', (m) => repository.index(m)),
      RepositoryModelLoad: calls.unary('RepositoryModelLoad', (m, caller) => repository.load(m, caller)),
      RepositoryModelUnload: calls.unary('RepositoryModelUnload', (m, caller) =>
        repository.unload(m, caller),
      ),
      ModelInfer: calls.unary('ModelInfer', (m, caller) => infer.infer(m, caller)),
      ModelStreamInfer: this.stream.handler(streams),
    };
    const watched = {
      Check: calls.unary('Check', (m) => health.check(m)),
      Watch: health.watcher(streams),
    };
    return [
      [openInferenceService, inference],
      [healthService, watched],
    ];
  }
}
