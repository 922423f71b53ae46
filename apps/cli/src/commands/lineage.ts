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
import type { Paging } from './paging.js';

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

const textOf = ({ steps, truncated, next }: Lineage): string =>
  [
    table(['run', 'pipeline', 'step', 'component', 'status', 'of', 'made'], steps.map(row)),
    ...(next === undefined
      ? truncated
        ? ['', 'there is more than is shown']
        : []
      : ['', `more with --after ${next}`]),
  ].join('\n');

/** Of an artifact, by its digest, or of all steps of a run. */
export const lineage = async (
  context: Context,
  what: string,
  options: Paging & { direction?: LineageDirection; depth?: number },
): Promise<void> => {
  const { limit, after, ...walk } = options;
  const isArtifact = what.startsWith('sha256:');
  const [misplaced, where] = isArtifact
    ? [{ limit, after }, 'a run, not for an artifact']
    : [walk, 'an artifact, not for a run'];
  const wrong = Object.keys(given(misplaced)).map((field) => ({ field, message: `is for ${where}` }));
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  return isArtifact
    ? void (await ask(context, lineageGet, given({ digest: what, ...walk }), textOf))
    : void (await ask(context, lineageOfRun, given({ run: what, limit, after }), textOf));
};
