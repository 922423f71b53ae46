import { artifactsIn } from '../cache/artifacts-in.js';
import { boundOrNothing } from '../runs/bound-or-nothing.js';
import { changedSteps } from '../runs/decide/changed-steps.js';
import type { RunState } from '../runs/decide/state.js';
import type { HotRun } from '../runs/drive/hot-run.js';
import { brief } from './brief.js';
import type { LineageArtifactRow, LineageStepRow } from './lineage.entity.js';

export interface LineageRows {
  steps: LineageStepRow[];
  artifacts: LineageArtifactRow[];
}

/** What is to be kept of the results that a change brought: of each step with artifacts before or behind it. */
export const lineageOf = (before: HotRun, after: RunState, at: number): LineageRows => {
  const rows: LineageRows = { steps: [], artifacts: [] };
  for (const position of changedSteps(before.revision === 0 ? undefined : before.state, after)) {
    const [planned, own] = [after.plan.steps[position], after.steps[position]];
    if (!planned || (own?.status !== 'succeeded' && own?.status !== 'cached')) continue;
    // Where it cannot be said any more what it was given, what it gave still can.
    const { params, inputs } = boundOrNothing(after, position) ?? { params: {}, inputs: {} };
    const outputs = own.outputs ?? {};
    const touched = [
      ...artifactsIn(inputs).map((ref) => ({ ref, direction: 'in' as const })),
      ...artifactsIn(outputs).map((ref) => ({ ref, direction: 'out' as const })),
    ];
    if (touched.length === 0) continue;
    const key = { run: after.run, step: planned.name };
    rows.steps.push({
      ...key,
      pipeline: after.plan.pipeline,
      pipelineVersion: before.record.pipelineVersion,
      parent: after.parent?.run ?? null,
      child: own.child ?? null,
      component: planned.component,
      componentVersion: planned.version,
      status: own.status,
      params: brief(params),
      inputs: brief(inputs),
      outputs: brief(outputs),
      at,
    });
    const distinct = new Map(touched.map((one) => [`${one.direction} ${one.ref.digest}`, one]));
    for (const { ref, direction } of distinct.values())
      rows.artifacts.push({ digest: ref.digest, ...key, direction, type: ref.type });
  }
  return rows;
};
