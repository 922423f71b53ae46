import type { CloudEvent, EventMap } from '@millrace/contracts';
import { changedSteps } from '../decide/changed-steps.js';
import type { RunState } from '../decide/state.js';
import type { HotRun } from '../drive/hot-run.js';

type RunEventType = 'orchestrator.run.changed' | 'orchestrator.step.changed';

/** The CloudEvents that a change amounts to: each run and step whose status or attempt is another than before, once. */
export const eventsOf = (before: HotRun, after: RunState, at: number): CloudEvent[] => {
  const revision = before.revision + 1;
  const { run, plan, status, error, traceparent } = after;
  const event = <T extends RunEventType>(
    type: T,
    id: string,
    data: EventMap[T],
  ): CloudEvent<EventMap[T]> => ({
    specversion: '1.0',
    id,
    source: '/millrace/orchestrator',
    type,
    subject: run,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  });

  const steps = changedSteps(before.state, after).flatMap((position) => {
    const was = before.state.steps[position];
    const step = after.steps[position];
    if (!step || (was?.status === step.status && was.attempt === step.attempt)) return [];
    // An instance that nobody has begun is no news.
    if (!was && position >= before.state.steps.length && step.status === 'waiting') return [];
    const { name, component } = plan.steps[position] ?? { name: '', component: '' };
    const data: EventMap['orchestrator.step.changed'] = {
      run,
      step: name,
      component,
      status: step.status,
      attempt: step.attempt,
      ...(step.metrics && Object.keys(step.metrics).length > 0 ? { metrics: step.metrics } : {}),
      ...(step.error ? { error: step.error } : {}),
      ...(step.child === undefined ? {} : { child: step.child }),
    };
    return [event('orchestrator.step.changed', `${run}/${name}/${revision}`, data)];
  });
  if (before.revision > 0 && before.state.status === status) return steps;
  const data = { run, pipeline: plan.pipeline, status, ...(error ? { error } : {}) };
  return [...steps, event('orchestrator.run.changed', `${run}/${revision}`, data)];
};
