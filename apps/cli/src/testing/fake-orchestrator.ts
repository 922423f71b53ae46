import type { EventMap, Progress, RunView, StepView } from '@millrace/contracts';
import { InvalidRequest, NotFound } from '@millrace/contracts';
import type { TestCli } from './test-cli.js';

const stepView = (step: string): StepView => ({
  step,
  component: `${step}.do`,
  status: 'waiting',
  attempt: 0,
  outputs: {},
  metrics: {},
});

/** A run of two steps that goes on as the test says. */
export class FakeOrchestrator {
  view: RunView = {
    run: 'r1',
    pipeline: 'small',
    pipelineVersion: 2,
    status: 'running',
    params: {},
    steps: [stepView('ingest'), stepView('train')],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  submitted: Record<string, unknown>[] = [];
  started: Record<string, unknown>[] = [];

  private constructor(private readonly cli: TestCli) {}

  static async start(cli: TestCli): Promise<FakeOrchestrator> {
    const fake = new FakeOrchestrator(cli);
    fake.submitted = await cli.answer('orchestrator.pipeline.submit', ({ yaml }) => {
      if (!String(yaml).startsWith('name: small')) throw new InvalidRequest([fake.mistake]);
      const params = { rows: { type: 'integer', default: 5 }, label: { type: 'string', default: 'x' } };
      return {
        name: 'small',
        version: 2,
        definition: { name: 'small', params, steps: {} },
        createdAt: fake.view.createdAt,
      };
    });
    fake.started = await cli.answer('orchestrator.run.start', () => fake.view);
    await cli.answer('orchestrator.run.get', ({ run }) => {
      if (run !== 'r1') throw new NotFound('run', String(run));
      return fake.view;
    });
    return fake;
  }

  readonly mistake = { field: 'steps.fit.component', message: "component 'x.y' is not known", line: 7 };

  step(step: string, change: Partial<StepView>): void {
    const steps = this.view.steps.map((view) => (view.step === step ? { ...view, ...change } : view));
    this.view = { ...this.view, steps };
    const { component, status, attempt, metrics, error, child } = steps.find(
      (view) => view.step === step,
    ) as StepView;
    const more = { ...(error ? { error } : {}), ...(child ? { child } : {}) };
    const data = { run: 'r1', step, component, status, attempt, metrics, ...more };
    this.emit('orchestrator.step.changed', data);
  }

  progress(step: string, progress: Partial<Progress>): void {
    const whole: Progress = { run: 'r1', step, token: 1, worker: 'w1', at: Date.now(), ...progress };
    this.cli.client.publish(this.cli.client.subjects.progress('r1', step), whole);
  }

  end(status: RunView['status'], error?: RunView['error']): void {
    this.view = { ...this.view, status, finishedAt: '2026-01-01T00:00:02.500Z', ...(error ? { error } : {}) };
    this.emit('orchestrator.run.changed', {
      run: 'r1',
      pipeline: 'small',
      status,
      ...(error ? { error } : {}),
    });
  }

  private emit<T extends keyof EventMap>(type: T, data: EventMap[T]): void {
    this.cli.client.publish(this.cli.client.subjects.event(type), { specversion: '1.0', type, data });
  }
}
