import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { operations } from '@millrace/contracts';
import { Calls } from './grpc/calls.js';
import { GrpcHandlers } from './grpc/grpc-handlers.js';
import { GrpcServer } from './grpc/grpc-server.js';
import { HealthCalls } from './grpc/health-calls.js';
import { InferCalls } from './grpc/infer-calls.js';
import { ModelCalls } from './grpc/model-calls.js';
import { RepositoryCalls } from './grpc/repository-calls.js';
import { StreamInfer } from './grpc/stream-infer.js';
import { HttpMetrics } from './http/http-metrics.js';
import { InFlight } from './http/in-flight.js';
import { InFlightInterceptor } from './http/in-flight.interceptor.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ModelRepositoryController } from './inference/model-repository.controller.js';
import { ModelRepository } from './inference/model-repository.js';
import { OpenInferenceController } from './inference/open-inference.controller.js';
import { PredictController } from './inference/predict.controller.js';
import { InferRoad } from './inference/road/infer-road.js';
import { Predictions } from './inference/predictions.js';
import { ServedModels } from './inference/served-models.js';
import { DocsController } from './openapi/docs.controller.js';
import { restController } from './rest/rest.controller.js';
import { RestService } from './rest/rest.service.js';
import { RunEventsController } from './runs/run-events.controller.js';
import { RunLogController } from './runs/run-log.controller.js';
import { RunStreams } from './runs/run-streams.js';
import { SchemasController } from './schemas/schemas.controller.js';

@Module({
  controllers: [
    RunEventsController,
    RunLogController,
    OpenInferenceController,
    ModelRepositoryController,
    PredictController,
    DocsController,
    SchemasController,
    restController(operations),
  ],
  providers: [
    HttpMetrics,
    InFlight,
    RestService,
    Predictions,
    InferRoad,
    ServedModels,
    ModelRepository,
    RunStreams,
    Calls,
    InferCalls,
    StreamInfer,
    ModelCalls,
    RepositoryCalls,
    HealthCalls,
    GrpcHandlers,
    GrpcServer,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: InFlightInterceptor },
  ],
})
export class AppModule {}
