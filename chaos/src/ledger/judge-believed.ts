import { stepsOf, type StepSketch } from '../workload/sketch.js';
import { isFenced, keyOf, type Findings } from './findings.js';
import type { Effect } from './ledger.js';
import { valuesOf, type ChaosValue, type StepRecord } from './rows.js';
import { baseOf, type RunCase } from './run-case.js';

type Steps = ReadonlyMap<string, StepRecord>;

const executions = (values: readonly ChaosValue[]): string[] => values.map(({ execution }) => execution);
const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

/** The executions that the orchestrator believed: each under the right token, and the one that all others were given. */
export const judgeBelieved = ({ record, sketch, byKey }: RunCase, findings: Findings): void => {
  const steps = new Map(record.steps.map((step) => [step.step, step]));
  const sketches = new Map(stepsOf(sketch).map((step) => [step.name, step]));
  for (const step of record.steps) {
    const where = keyOf({ run: record.run, step: step.step });
    const own = sketches.get(baseOf(step.step));
    const values = valuesOf(step);
    if (!own || values.length === 0) continue;
    if (step.step === own.name && (own.each || own.until)) judgeWhole(where, values, own, steps, findings);
    else judgeOne(where, step, values, givenTo(step, own, steps), byKey.get(where) ?? [], findings);
  }
};

/** A step that is done several times has done nothing itself: it has what those gave. */
const judgeWhole = (
  where: string,
  values: readonly ChaosValue[],
  { name, each }: StepSketch,
  steps: Steps,
  { phantom }: Findings,
): void => {
  const instances: ChaosValue[][] = [];
  for (let i = each ? 0 : 1; ; i++) {
    const instance = steps.get(each ? `${name}[${i}]` : `${name}#${i}`);
    if (!instance) break;
    instances.push(valuesOf(instance));
  }
  const given = each ? instances.flat() : (instances.at(-1) ?? []);
  if (!equal(executions(values), executions(given)))
    phantom.push(`${where} has ${executions(values).join()} and not ${executions(given).join()}`);
};

/** The values that a step must have been given: those of the steps that it takes from, and its own of before. */
const givenTo = ({ step }: StepRecord, { name, takes, until }: StepSketch, steps: Steps): string[] => {
  const index = Number(step.split('#')[1]);
  const before = until && index > 1 ? [`${name}#${index - 1}`] : [];
  return [...takes, ...before].flatMap((from) => {
    const source = steps.get(from);
    return source ? executions(valuesOf(source)) : [];
  });
};

const judgeOne = (
  where: string,
  step: StepRecord,
  [value]: readonly ChaosValue[],
  believed: readonly string[],
  effects: readonly Effect[],
  { phantom, stale, duplicate }: Findings,
): void => {
  const index = effects.findIndex(({ execution }) => execution === value?.execution);
  const effect = effects[index];
  if (!effect) return void phantom.push(`${where} believes ${value?.execution}, which nobody did`);
  if (effect.token !== step.token)
    stale.push(`${where} has token ${step.token} and believes ${effect.token}`);
  if (isFenced(effects, index)) stale.push(`${where} believes token ${effect.token} after a newer one`);
  if (!equal(believed, effect.given))
    duplicate.push(`${where} was given ${effect.given.join()} and not ${believed.join()}`);
};
