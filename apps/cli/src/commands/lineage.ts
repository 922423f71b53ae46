import {
  InvalidRequest,
  isArtifactRef,
  lineageGet,
  lineageOfRun,
  type Lineage,
  type LineageDirection,
  type LineageStep,
  type PortValue,
} from '@millrace/contracts';
import { shortened } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';

/** An artifact by the beginning of its digest; a value that names a version of something by that. */
const valueOf = (value: PortValue): string => {
  if (isArtifactRef(value)) return value.digest.slice(7, 19);
  if (typeof value !== 'object' || value === null) return shortened(String(value)) ?? '';
  const { name, version } = value as { name?: unknown; version?: unknown };
  return typeof name === 'string' && typeof version === 'number' ? `${name}@${version}` : '…';
};

const short = (ports: LineageStep['inputs']): string =>
  Object.entries(ports)
    .map(([port, value]) => `${port}=${valueOf(value)}`)
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
): Promise<void> => {
  if (what.startsWith('sha256:'))
    return void (await ask(context, lineageGet, given({ digest: what, ...options }), textOf));
  const wrong = Object.keys(given(options)).map((field) => ({
    field,
    message: 'is for an artifact, not for a run',
  }));
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  return void (await ask(context, lineageOfRun, { run: what }, textOf));
};
