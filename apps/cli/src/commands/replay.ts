import {
  pipelineVersion,
  runCompare,
  runGet,
  runReplay,
  type ReplayRun,
  type RunComparison,
  type StepDifference,
} from '@millrace/contracts';
import { duration, number } from '../output/format.js';
import { table, type Cell } from '../output/table.js';
import { ask, given } from './ask.js';
import type { Context } from './context.js';
import { parseParams } from './parse-params.js';

export interface ReplayOptions {
  from?: string[];
  param: string[];
  pipelineVersion?: number;
  cache: boolean;
}

const verdictOf = ({ same, kept, outputs, metrics }: StepDifference): string => {
  if (kept) return 'kept';
  if (same) return 'same';
  const changed = metrics.map(({ name, before, after }) => `${name} ${number(before)} → ${number(after)}`);
  return [...outputs.map(({ port }) => `another ${port}`), ...changed].join(', ') || 'different';
};

const took = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : duration(ms));

const row = (step: StepDifference): Cell[] => [
  step.step,
  step.before,
  step.after,
  step.component && `${step.component.before ?? '-'} → ${step.component.after ?? '-'}`,
  took(step.tookMs?.before),
  took(step.tookMs?.after),
  verdictOf(step),
];

export const comparisonText = (comparison: RunComparison): string =>
  [
    `run ${comparison.after} against ${comparison.before}: ${comparison.verdict}`,
    ...comparison.params.map(
      ({ name, before, after }) => `  ${name}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    ),
    '',
    table(['step', 'before', 'after', 'component', 'took', 'now takes', 'what'], comparison.steps.map(row)),
    ...(comparison.omitted === undefined ? [] : [`and ${comparison.omitted} more steps`]),
  ].join('\n');

/** The types of the parameters are those of the version of the pipeline that is run. */
export const replay = async (context: Context, run: string, options: ReplayOptions): Promise<void> => {
  await using session = await context.connect();
  const { client } = session;
  const old = await client.request(runGet, { run });
  const version = options.pipelineVersion ?? old.pipelineVersion;
  const { definition } = await client.request(pipelineVersion, { name: old.pipeline, version });
  const request = given<ReplayRun>({
    run,
    ...(options.from ? { from: options.from } : {}),
    ...(options.param.length > 0 ? { params: parseParams(options.param, definition.params) } : {}),
    ...(options.pipelineVersion === undefined ? {} : { pipelineVersion: options.pipelineVersion }),
    ...(options.cache ? {} : { cache: false }),
  });
  const view = await client.request(runReplay, request);
  context.output.result(view, () =>
    [
      `run ${view.run} repeats ${view.of}${view.kept.length > 0 ? `; kept: ${view.kept.join(', ')}` : ''}`,
      `  millrace logs ${view.run} --follow`,
      `  millrace compare ${view.run} ${view.of}`,
    ].join('\n'),
  );
};

export const compare = async (context: Context, run: string, other: string): Promise<void> =>
  void (await ask(context, runCompare, { run, other }, comparisonText));
