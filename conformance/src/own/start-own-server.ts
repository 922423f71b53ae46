import { join } from 'node:path';
import { deploymentService } from '@millrace/deployment';
import { gatewayService } from '@millrace/gateway';
import { inferenceService } from '@millrace/inference';
import { registryService } from '@millrace/registry';
import { startService, type RunningService, type ServiceDefinition } from '@millrace/service';
import { freePort, startNats, temporaryDirectory } from '@millrace/testing';
import { installModels } from '../models/install-models.js';

export interface OwnServer extends AsyncDisposable {
  /** Of its gateway. */
  url: string;
  /** The same over gRPC: `host:port`. */
  grpcAddress: string;
}

/** What answers predictions, as it runs, in this process: gateway, inference, deployment and registry, with the suite's models. */
export const startOwnServer = async (env: Record<string, string> = {}): Promise<OwnServer> => {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const next of stops.splice(0).reverse()) await next();
  };
  try {
    const directory = await temporaryDirectory('millrace-conformance-');
    stops.push(async () => directory[Symbol.asyncDispose]());
    const nats = await startNats();
    stops.push(() => nats.stop());
    const grpcPort = await freePort();
    const artifacts = join(directory.path, 'artifacts');
    const start = async <S extends ServiceDefinition>(service: S): Promise<RunningService> => {
      const running = await startService(service, {
        env: {
          NATS_URL: nats.url,
          ARTIFACTS_URL: artifacts,
          DATA_DIR: join(directory.path, service.name),
          LOG_LEVEL: 'silent',
          HEALTH_PORT: '-1',
          HTTP_PORT: '0',
          GATEWAY_GRPC_PORT: String(grpcPort),
          ...env,
        },
      });
      stops.push(() => running.stop());
      return running;
    };
    for (const service of [registryService, deploymentService, inferenceService]) await start(service);
    const { url } = await start(gatewayService);
    await installModels(url!, artifacts);
    return { url: url!, grpcAddress: `127.0.0.1:${grpcPort}`, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
