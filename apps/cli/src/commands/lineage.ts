import {
  isArtifactRef,
  lineageGet,
  lineageOfRun,
  type Lineage,
  type LineageDirection,
  type LineageStep,
} from '@millrace/contracts';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';

const short = (ports: LineageStep['inputs']): string =>
  Object.entries(ports)
    .map(([port, value]) => `${port}=${isArtifactRef(value) ? value.digest.slice(7, 19) : '…'}`)
    .join(' ');

const row = (step: LineageStep): Cell[] => [
  step.run,
  `${step.pipeline}@${step.pipelineVersion}`,
  step.step,
  step.child === undefined ? `${step.component} ${step.componentVersion}` : `run ${step.child}`,
  step.status,
  short(step.inputs),
  short(step.outputs),
];

const textOf = ({ steps, truncated }: Lineage): string =>
  [
    table(['run', 'pipeline', 'step', 'component', 'status', 'of', 'made'], steps.map(row)),
    ...(truncated ? ['', 'there is more than is shown'] : []),
  ].join('\n');

/** Of an artifact, by its digest, or of all steps of a run. */
export const lineage = async (
  context: Context,
  what: string,
  options: { direction?: LineageDirection; depth?: number },
): Promise<void> =>
  void (await (what.startsWith('sha256:')
    ? ask(context, lineageGet, given({ digest: what, ...options }), textOf)
    : ask(context, lineageOfRun, { run: what }, textOf)));
