import type { EndpointView, Experiments, ModelVersions, RunView } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { examplePipeline, startMillrace, type TestMillrace } from './support/millrace.js';

/** Which component of the penguins pipeline belongs to which service: the services whose death a run must survive. */
const workers = ['ingestion', 'validation', 'transform', 'training', 'evaluation', 'registry', 'deployment'];
const others = ['orchestrator', 'gateway', 'inference', 'monitoring'];

describe('a run of the penguins pipeline', () => {
  let millrace: TestMillrace;
  let yaml: string;

  beforeAll(async () => {
    yaml = await examplePipeline('penguins');
    millrace = await startMillrace({ serviceEnv: { orchestrator: { LEASE_MS: '5000' } } });
  });
  afterAll(() => millrace[Symbol.asyncDispose]());

  const service = (name: string) => {
    const found = millrace.supervisor.services.get(name);
    if (!found) throw new Error(`no service ${name}`);
    return found;
  };

  /** What a run leaves outside of the orchestrator, which doing a step twice must not double. */
  const effects = async () => {
    const versions = await millrace.rest
      .get<ModelVersions>('/v1/models/penguin-species')
      .then((a) => a.body.items ?? []);
    const endpoint = await millrace.rest.get<EndpointView>('/v1/deployments/penguin-species');
    const experiments = await millrace.rest.get<Experiments>('/v1/experiments?limit=1000');
    return {
      versions: versions.length,
      rollouts: endpoint.status === 200 ? endpoint.body.rollout?.number : 0,
      experiments: experiments.body.items.length,
    };
  };

  const expectOneMore = async (before: Awaited<ReturnType<typeof effects>>, run: RunView) => {
    expect(run).toMatchObject({ status: 'succeeded' });
    expect(await effects()).toEqual({
      versions: before.versions + 1,
      rollouts: (before.rollouts ?? 0) + 1,
      experiments: before.experiments + 1,
    });
  };

  const stepAt = async (run: string, component: string, statuses: string[]) =>
    eventually(
      async () => {
        const view = await millrace.view(run);
        const step = view.steps.find((s) => s.component.startsWith(`${component}.`));
        return step && statuses.includes(step.status);
      },
      { timeoutMs: 60_000, what: `${component} at ${statuses.join(' or ')}` },
    );

  it.each(workers)('finishes, each effect once, when %s is killed with its task in hand', async (name) => {
    const before = await effects();
    // Frozen first, so that its task is surely delivered to a process that will never answer for it.
    await service(name).kill('SIGSTOP');
    const { run } = await millrace.start(yaml);
    await stepAt(run, name, ['queued', 'running']);
    await service(name).kill('SIGKILL');
    await expectOneMore(before, await millrace.ended(run));
    await millrace.supervisor.ready();
  });

  it.each(others)('finishes, each effect once, when %s is killed in the middle of it', async (name) => {
    const before = await effects();
    // A frozen trainer keeps the run in its middle while the other dies and comes back.
    await service('training').kill('SIGSTOP');
    const { run } = await millrace.start(yaml);
    await stepAt(run, 'training', ['queued', 'running']);
    await service(name).kill('SIGKILL');
    await service('training').kill('SIGCONT');
    await millrace.supervisor.ready();
    await expectOneMore(before, await millrace.ended(run));
  });

  it('finishes, each effect once, when nats-server is killed in the middle of it', async () => {
    const before = await effects();
    await service('training').kill('SIGSTOP');
    const { run } = await millrace.start(yaml);
    await stepAt(run, 'training', ['queued', 'running']);
    await millrace.supervisor.nats?.kill('SIGKILL');
    await service('training').kill('SIGCONT');
    await millrace.supervisor.ready();
    await expectOneMore(before, await millrace.ended(run));
  });
});
