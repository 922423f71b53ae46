import {
  Component,
  ComponentModule,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '@millrace/component';
import { pipelineSubmit, runStart, type EventMap, type PipelineDefinition } from '@millrace/contracts';
import { connectNats, EventBus, MessagingClient } from '@millrace/messaging';
import { createLogger } from '@millrace/observability';
import { orchestratorService } from '@millrace/orchestrator';
import { ArtifactsEnv, ArtifactsModule, defineService, startService } from '@millrace/service';
import { startNats, temporaryDirectory } from '@millrace/testing';
import { Module, type DynamicModule } from '@nestjs/common';

const logger = createLogger({ service: 'bench', level: 'silent' });

/** When a step's own work began and ended. */
export interface Work {
  run: string;
  began: number;
  ended: number;
}

const done: Work[] = [];

/** Does nothing, so that all time that passes is somebody else's. */
@Component({
  name: 'bench.pass',
  version: '1.0.0',
  description: 'Gives back what it gets.',
  inputs: { value: { type: 'value', optional: true } },
  outputs: { value: { type: 'value' } },
  params: { type: 'object' },
  deterministic: false,
  timeoutMs: 60_000,
})
class Pass implements PipelineComponent {
  run({ task, inputs }: TaskContext): Promise<ComponentResult> {
    const began = performance.now();
    const value = Number(inputs['value'] ?? 0) + 1;
    done.push({ run: task.run, began, ended: performance.now() });
    return Promise.resolve({ outputs: { value } });
  }
}

@Module({})
class PassModule {
  static of({ ARTIFACTS_URL }: ArtifactsEnv): DynamicModule {
    const imports = [
      ArtifactsModule.forRoot(ARTIFACTS_URL),
      ComponentModule.forFeature([Pass], { concurrency: 16, logger }),
    ];
    return { module: PassModule, imports };
  }
}

const passService = defineService({
  name: 'bench',
  version: '1.0.0',
  description: 'A component that does nothing.',
  env: ArtifactsEnv,
  module: (env) => PassModule.of(env),
});

/** An orchestrator, a worker and a nats-server. */
export interface Bed extends AsyncDisposable {
  dataDir: string;
  client: MessagingClient;
  /** All work so far, in the order in which it ended. */
  done: readonly Work[];
  submit(definition: PipelineDefinition): Promise<void>;
  /** Starts a run and waits for its end. */
  drive(pipeline: string): Promise<{ run: string; startMs: number; ms: number }>;
}

/** @param more settings of the orchestrator */
export const startBed = async (more: Record<string, string> = {}): Promise<Bed> => {
  const nats = await startNats();
  const directory = await temporaryDirectory();
  const dataDir = `${directory.path}/data`;
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: dataDir,
    ARTIFACTS_URL: `${directory.path}/artifacts`,
    HEALTH_PORT: '-1',
  };
  const orchestrator = await startService(orchestratorService, { env: { ...env, ...more }, logger });
  const worker = await startService(passService, { env, logger });
  const nc = await connectNats({ url: nats.url, name: 'bench' });
  const client = new MessagingClient(nc);

  const waiting = new Map<string, (change: EventMap['orchestrator.run.changed']) => void>();
  const early = new Map<string, EventMap['orchestrator.run.changed']>();
  new EventBus(client).onEvent('orchestrator.run.changed', ({ data }) => {
    const change = data as EventMap['orchestrator.run.changed'];
    if (!['succeeded', 'failed', 'cancelled'].includes(change.status)) return;
    const tell = waiting.get(change.run);
    if (tell) tell(change);
    else early.set(change.run, change);
    waiting.delete(change.run);
  });
  const endOf = (run: string): Promise<EventMap['orchestrator.run.changed']> =>
    new Promise((resolve) => {
      const change = early.get(run);
      if (!early.delete(run) || !change) waiting.set(run, resolve);
      else resolve(change);
    });

  return {
    dataDir,
    client,
    done,
    submit: async (definition) =>
      void (await client.request(pipelineSubmit, { definition }, { timeoutMs: 30_000 })),
    drive: async (pipeline) => {
      const began = performance.now();
      const { run } = await client.request(runStart, { pipeline }, { timeoutMs: 60_000 });
      const startMs = performance.now() - began;
      const { status, error } = await endOf(run);
      if (status !== 'succeeded') throw new Error(`${pipeline} ${status}: ${error?.message}`);
      return { run, startMs, ms: performance.now() - began };
    },
    [Symbol.asyncDispose]: async () => {
      await worker.stop();
      await orchestrator.stop();
      client.close();
      await nc.close();
      await nats.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
};

export const chain = (length: number): PipelineDefinition => ({
  name: `chain-${length}`,
  steps: Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `s${i}`,
      { component: 'bench.pass', ...(i === 0 ? {} : { inputs: { value: `s${i - 1}.value` } }) },
    ]),
  ),
});

export const fan = (width: number): PipelineDefinition => ({
  name: `fan-${width}`,
  steps: Object.fromEntries(Array.from({ length: width }, (_, i) => [`s${i}`, { component: 'bench.pass' }])),
});

export const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;

/** From the end of one step's work to the beginning of the next one's, within each run. */
export const gapsOf = (works: readonly Work[]): number[] => {
  const last = new Map<string, number>();
  return works.flatMap(({ run, began, ended }) => {
    const before = last.get(run);
    last.set(run, ended);
    return before === undefined ? [] : [began - before];
  });
};
