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
import { eventually, startNats, temporaryDirectory } from '@millrace/testing';
import { Module, type DynamicModule } from '@nestjs/common';
import type { BenchRow } from './messaging.js';

const chainLength = 40;
const goal = 20;
const logger = createLogger({ service: 'bench', level: 'silent' });

/** When each step's own work began and ended, by run. */
const work = new Map<string, { began: number; ended: number }[]>();

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
    const steps = work.get(task.run) ?? [];
    work.set(task.run, steps);
    const value = Number(inputs['value'] ?? 0) + 1;
    steps.push({ began, ended: performance.now() });
    return Promise.resolve({ outputs: { value } });
  }
}

@Module({})
class PassModule {
  static of({ ARTIFACTS_URL }: ArtifactsEnv): DynamicModule {
    const imports = [
      ArtifactsModule.forRoot(ARTIFACTS_URL),
      ComponentModule.forFeature([Pass], { concurrency: 8, logger }),
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

const chain = (length: number): PipelineDefinition => ({
  name: `chain-${length}`,
  steps: Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `s${i}`,
      { component: 'bench.pass', ...(i === 0 ? {} : { inputs: { value: `s${i - 1}.value` } }) },
    ]),
  ),
});

const fan = (width: number): PipelineDefinition => ({
  name: `fan-${width}`,
  steps: Object.fromEntries(Array.from({ length: width }, (_, i) => [`s${i}`, { component: 'bench.pass' }])),
});

const percentile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;

/** From the end of one step's work to the beginning of the next one's. */
const gapsOf = (run: string): number[] => {
  const steps = work.get(run) ?? [];
  return steps.slice(1).map(({ began }, i) => began - (steps[i]?.ended ?? NaN));
};

const how =
  'SQLite with synchronous=FULL (fsync on), nats-server apart, orchestrator and worker in one process';

/** What orchestration costs: steps that do nothing, one after the other and side by side. */
export async function run(o = { runs: 10, width: 1_000 }): Promise<BenchRow[]> {
  await using nats = await startNats();
  await using directory = await temporaryDirectory();
  const env = {
    NATS_URL: nats.url,
    DATA_DIR: `${directory.path}/data`,
    ARTIFACTS_URL: `${directory.path}/artifacts`,
    HEALTH_PORT: '-1',
  };
  const orchestrator = await startService(orchestratorService, { env, logger });
  const worker = await startService(passService, { env, logger });
  const nc = await connectNats({ url: nats.url, name: 'bench' });
  const client = new MessagingClient(nc);

  const ends = new Map<string, EventMap['orchestrator.run.changed']>();
  new EventBus(client).onEvent('orchestrator.run.changed', ({ data }) => {
    const change = data as EventMap['orchestrator.run.changed'];
    if (change.status !== 'running') ends.set(change.run, change);
  });

  const drive = async (pipeline: string): Promise<{ ms: number; run: string }> => {
    const began = performance.now();
    const { run: id } = await client.request(runStart, { pipeline }, { timeoutMs: 30_000 });
    await eventually(() => ends.has(id), { timeoutMs: 60_000, what: `the end of ${pipeline}` });
    const { status, error } = ends.get(id) ?? {};
    if (status !== 'succeeded') throw new Error(`${pipeline} ${status}: ${error?.message}`);
    const ended = work.get(id)?.at(-1)?.ended ?? NaN;
    return { ms: ended - began, run: id };
  };

  try {
    for (const definition of [chain(chainLength), fan(o.width)])
      await client.request(pipelineSubmit, { definition }, { timeoutMs: 30_000 });
    await drive(`chain-${chainLength}`);
    const chains: { ms: number; run: string }[] = [];
    for (let i = 0; i < o.runs; i++) chains.push(await drive(`chain-${chainLength}`));
    const gaps = chains.flatMap((one) => gapsOf(one.run));
    const wide = await drive(`fan-${o.width}`);

    const row = (metric: string, ms: number, ofWhat: string): BenchRow => ({
      metric,
      value: ms,
      unit: 'ms',
      how: `${ofWhat}; ${how}`,
    });
    const gapHow = `end of a step's work to begin of the next, ${o.runs} chains of ${chainLength} steps, warm`;
    const median = percentile(gaps, 0.5);
    return [
      { ...row('step overhead: median', median, gapHow), goal, ok: median <= goal },
      row('step overhead: p99', percentile(gaps, 0.99), gapHow),
      row(
        `chain of ${chainLength}`,
        percentile(
          chains.map(({ ms }) => ms),
          0.5,
        ),
        'start to last work, median',
      ),
      row(`fan-out of ${o.width}`, wide.ms, 'start to last work, 8 at once'),
    ];
  } finally {
    await worker.stop();
    await orchestrator.stop();
    client.close();
    await nc.close();
  }
}
