import type { RunView, StepView } from '@millrace/contracts';
import { mergeEvent, mergeSnapshot, type KnownRun, type RunNews } from './run-changes.js';

const stepView = (step: string, status: StepView['status'], attempt = 1): StepView => ({
  step,
  component: 'transform.fit',
  status,
  attempt,
  outputs: {},
  metrics: {},
});
const runView = (status: RunView['status'], ...steps: StepView[]): RunView => ({
  run: 'r1',
  pipeline: 'flights',
  pipelineVersion: 1,
  status,
  params: {},
  steps,
  createdAt: '2026-01-01T00:00:00Z',
});
const stepNews = (step: string, status: StepView['status'], attempt = 1): RunNews => ({
  type: 'step',
  data: { run: 'r1', step, component: 'transform.fit', status, attempt },
});
const first = (view: RunView): KnownRun => mergeSnapshot(undefined, view).known;

describe('following a run', () => {
  it('tells the first snapshot whole', () => {
    const view = runView('running', stepView('a', 'running'));
    expect(mergeSnapshot(undefined, view).changes).toEqual([{ kind: 'snapshot', run: view }]);
  });

  it.each([
    ['an older state of the same attempt', stepNews('a', 'queued', 2)],
    ['the state that the snapshot told', stepNews('a', 'running', 2)],
    ['the end of an older attempt', stepNews('a', 'failed', 1)],
  ])('drops %s', (_, news) => {
    const known = first(runView('running', stepView('a', 'running', 2)));
    expect(mergeEvent(known, news)).toEqual({ known, changes: [] });
  });

  it.each([
    ['a later state', stepNews('a', 'succeeded', 2)],
    ['that it waits to be tried again', stepNews('a', 'waiting', 2)],
    ['a later attempt', stepNews('a', 'queued', 3)],
    ['a step that the snapshot did not have', stepNews('b', 'queued')],
  ])('tells %s, once', (_, news) => {
    const known = first(runView('running', stepView('a', 'running', 2)));
    const merged = mergeEvent(known, news);
    expect(merged.changes).toEqual([{ kind: 'step', step: news.data }]);
    expect(mergeEvent(merged.known, news).changes).toEqual([]);
  });

  it('never leaves a final status of the run', () => {
    const known = first(runView('failed'));
    const late: RunNews = { type: 'run', data: { run: 'r1', pipeline: 'flights', status: 'running' } };
    expect(mergeEvent(known, late).changes).toEqual([]);
  });

  it('tells a later snapshot only as the transitions that no event brought, the steps before the run', () => {
    const known = first(runView('running', stepView('a', 'succeeded'), stepView('b', 'queued')));
    const later = runView('succeeded', stepView('a', 'succeeded'), {
      ...stepView('b', 'succeeded'),
      metrics: { auc: 0.7 },
    });
    expect(mergeSnapshot(known, later).changes).toEqual([
      {
        kind: 'step',
        step: {
          run: 'r1',
          step: 'b',
          component: 'transform.fit',
          status: 'succeeded',
          attempt: 1,
          metrics: { auc: 0.7 },
        },
      },
      { kind: 'run', run: { run: 'r1', pipeline: 'flights', status: 'succeeded' } },
    ]);
  });
});
