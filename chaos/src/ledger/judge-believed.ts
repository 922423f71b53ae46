import { portOf, stepsOf, type StepSketch } from '../workload/sketch.js';
import { isFenced, keyOf, type Findings } from './findings.js';
import type { Effect } from './ledger.js';
import { valuesOf, type ChaosValue, type StepRecord } from './rows.js';
import { baseOf, type RunCase } from './run-case.js';

type Steps = ReadonlyMap<string, StepRecord>;

const executions = (values: readonly ChaosValue[]): string[] => values.map(({ execution }) => execution);
const equal = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i]);

/** The executions that the orchestrator believed: each under the right token, and the one that all others were given. */
export const judgeBelieved = (one: RunCase, findings: Findings): void => {
  const { record, sketch, byKey } = one;
  const steps = new Map(record.steps.map((step) => [step.step, step]));
  const sketches = new Map(stepsOf(sketch).map((step) => [step.name, step]));
  for (const step of record.steps) {
    const where = keyOf({ run: record.run, step: step.step });
    const own = sketches.get(baseOf(step.step));
    const values = own ? valuesOf(step, portOf(own)) : [];
    if (!own || values.length === 0) continue;
    if (step.step === own.name && (own.each || own.until)) judgeWhole(where, values, own, steps, findings);
    else if (own.runs) judgeRaised(where, values, own.runs, one.below.get(step.step), findings);
    else judgeOne(where, step, values, givenTo(step, sketches, steps), byKey.get(where) ?? [], findings);
  }
};

/** A step that is done several times has done nothing itself: it has what those gave. */
const judgeWhole = (
  where: string,
  values: readonly ChaosValue[],
  own: StepSketch,
  steps: Steps,
  { phantom }: Findings,
): void => {
  const { name, each } = own;
  const port = portOf(own);
  const instances: ChaosValue[][] = [];
  for (let i = each ? 0 : 1; ; i++) {
    const instance = steps.get(each ? `${name}[${i}]` : `${name}#${i}`);
    if (!instance) break;
    instances.push(valuesOf(instance, port));
  }
  const given = each ? instances.flat() : (instances.at(-1) ?? []);
  if (!equal(executions(values), executions(given)))
    phantom.push(`${where} has ${executions(values).join()} and not ${executions(given).join()}`);
};

/** A step that another run does has what a step of that run has. */
const judgeRaised = (
  where: string,
  values: readonly ChaosValue[],
  { gives }: NonNullable<StepSketch['runs']>,
  below: RunCase | undefined,
  { phantom }: Findings,
): void => {
  const source = below?.record.steps.find(({ step }) => step === gives);
  const sketch = below?.sketch.main.find(({ name }) => name === gives);
  const given = source && sketch ? executions(valuesOf(source, portOf(sketch))) : [];
  if (!equal(executions(values), given))
    phantom.push(`${where} has ${executions(values).join()} and its run ${given.join()}`);
};

/** The values that a step must have been given: those of the steps that it takes from, and its own of before. */
const givenTo = ({ step }: StepRecord, sketches: ReadonlyMap<string, StepSketch>, steps: Steps): string[] => {
  const { name, takes, until } = sketches.get(baseOf(step)) ?? { name: step, takes: [] };
  const index = Number(step.split('#')[1]);
  const before = until && index > 1 ? [`${name}#${index - 1}`] : [];
  return [...takes, ...before].flatMap((from) => {
    const source = steps.get(from);
    const sketch = sketches.get(baseOf(from));
    return source && sketch ? executions(valuesOf(source, portOf(sketch))) : [];
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
