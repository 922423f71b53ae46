import type { PipelineDefinition } from '@millrace/contracts';
import type { Expected, ExpectedStep } from '../workload/expected.js';
import type { Effect } from './ledger.js';
import { valueOf, type RunRecord, type StepRecord } from './rows.js';
import { isFenced, keyOf, type Findings } from './findings.js';

export interface RunCase {
  record: RunRecord;
  definition: PipelineDefinition;
  expected: Expected;
  /** By run and step, in the order in which they were written. */
  byKey: ReadonlyMap<string, Effect[]>;
  mayBeCancelled: boolean;
}

/** One run against the sums and against what its components say they did. */
export const judgeRun = (one: RunCase, findings: Findings): void => {
  const { record, expected, byKey, mayBeCancelled } = one;
  const cancelled = record.status === 'cancelled' && mayBeCancelled;
  if (record.status !== expected.status && !cancelled)
    findings.wrong.push(`${record.run} ${record.pipeline}: ${record.status}, not ${expected.status}`);
  if (record.steps.length !== expected.steps.size)
    findings.wrong.push(`${record.run}: ${record.steps.length} steps, not ${expected.steps.size}`);
  const steps = new Map(record.steps.map((step) => [step.step, step]));
  for (const step of record.steps) {
    const where = keyOf({ run: record.run, step: step.step });
    const effects = byKey.get(where) ?? [];
    judgeEnd(where, step, expected.steps.get(step.step), cancelled, findings);
    judgeEffects(where, step, effects, findings);
    judgeBelieved(where, step, effects, one, steps, findings);
  }
};

const judgeEnd = (
  where: string,
  step: StepRecord,
  expected: ExpectedStep | undefined,
  cancelled: boolean,
  { wrong }: Findings,
): void => {
  const status = step.status === 'cached' ? 'succeeded' : step.status;
  if (cancelled && ['cancelled', 'skipped'].includes(status)) return;
  if (status !== expected?.status)
    wrong.push(`${where}: ${status}, not ${expected?.status} ${explain(step)}`);
  const value = valueOf(step);
  if (value && value.n !== expected?.n) wrong.push(`${where}: ${value.n}, not ${expected?.n}`);
};

const explain = ({ error }: StepRecord): string =>
  error === null || error === undefined
    ? ''
    : `(${typeof error === 'string' ? error : JSON.stringify(error)})`;

const judgeEffects = (
  where: string,
  { status }: StepRecord,
  effects: readonly Effect[],
  { duplicate, phantom }: Findings,
): void => {
  if (new Set(effects.map(({ n }) => n)).size > 1) duplicate.push(`${where} had two different effects`);
  if (effects.length > 0 && (status === 'skipped' || status === 'waiting'))
    phantom.push(`${where} is ${status} and had an effect`);
};

/** The execution that the orchestrator believed: under the right token, and the one that all dependents were given. */
const judgeBelieved = (
  where: string,
  step: StepRecord,
  effects: readonly Effect[],
  { definition }: RunCase,
  steps: ReadonlyMap<string, StepRecord>,
  { phantom, stale, duplicate }: Findings,
): void => {
  const value = valueOf(step);
  if (!value) return;
  const index = effects.findIndex(({ execution }) => execution === value.execution);
  const effect = effects[index];
  if (!effect) return void phantom.push(`${where} believes ${value.execution}, which nobody did`);
  if (effect.token !== step.token)
    stale.push(`${where} has token ${step.token} and believes ${effect.token}`);
  if (isFenced(effects, index)) stale.push(`${where} believes token ${effect.token} after a newer one`);
  const inputs = Object.values(definition.steps[step.step]?.inputs ?? {}).flat();
  const believed = inputs.flatMap((input) => {
    const source = steps.get(input.split('.')[0] ?? '');
    return (source && valueOf(source)?.execution) ?? [];
  });
  const given = new Set(effect.given);
  if (believed.length !== effect.given.length || believed.some((execution) => !given.has(execution)))
    duplicate.push(`${where} was given ${effect.given.join()} and not ${believed.join()}`);
};
