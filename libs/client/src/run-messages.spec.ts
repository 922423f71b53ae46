import { progressOf, runNewsOf } from './run-messages.js';

const event = (type: string, data: unknown) => ({
  specversion: '1.0',
  id: '1',
  source: '/millrace/orchestrator',
  type,
  data,
});

describe('messages about a run', () => {
  it('reads transitions of this run', () => {
    const data = { run: 'r1', pipeline: 'p', status: 'running' };
    expect(runNewsOf('r1', event('orchestrator.run.changed', data))).toEqual({ type: 'run', data });
    const step = { run: 'r1', step: 's', component: 'c.d', status: 'queued', attempt: 1 };
    expect(runNewsOf('r1', event('orchestrator.step.changed', step))).toEqual({ type: 'step', data: step });
  });

  it.each([
    ['another run', event('orchestrator.run.changed', { run: 'r2', status: 'running' })],
    ['another type', event('orchestrator.pipeline.submitted', { run: 'r1', status: 'running' })],
    [
      'a status of a later version',
      event('orchestrator.step.changed', { run: 'r1', step: 's', status: 'awaiting' }),
    ],
    ['no data', event('orchestrator.run.changed', null)],
    ['no object', 'r1'],
    ['nothing', undefined],
  ])('passes over %s', (_, message) => {
    expect(runNewsOf('r1', message)).toBeUndefined();
  });

  it('reads progress of this run only', () => {
    const progress = { run: 'r1', step: 's', token: 1, worker: 'w', at: 1 };
    expect(progressOf('r1', progress)).toBe(progress);
    expect(progressOf('r2', progress)).toBeUndefined();
    expect(progressOf('r1', null)).toBeUndefined();
    expect(progressOf('r1', { run: 'r1' })).toBeUndefined();
  });
});
