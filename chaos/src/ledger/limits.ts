import { componentLimits, stepsOf, type Sketch } from '../workload/sketch.js';
import { keyOf, type Findings } from './findings.js';
import { valuesOf, type StepRecord } from './rows.js';
import { baseOf, type RunCase } from './run-case.js';

interface Span {
  since: number;
  at: number;
}

/** The most of them that there were at one moment. */
export const mostAtOnce = (spans: readonly Span[]): number => {
  const moments = spans.flatMap(({ since, at }) => [
    { at: since, change: 1 },
    { at, change: -1 },
  ]);
  // Where one ends as another begins, they are not at once.
  moments.sort((a, b) => a.at - b.at || a.change - b.change);
  let now = 0;
  return moments.reduce((most, { change }) => Math.max(most, (now += change)), 0);
};

const around = (spans: readonly Span[]): Span[] =>
  spans.length === 0
    ? []
    : [{ since: Math.min(...spans.map(({ since }) => since)), at: Math.max(...spans.map(({ at }) => at)) }];

/**
 * When a task was out for certain: from its first take-up until the execution that is believed was done. What was done in
 * vain under an older token counts for nobody: nobody says when that was given up.
 */
const spansOf = ({ record, sketch, byKey }: RunCase, steps: readonly StepRecord[]): Span[] => {
  const sketches = new Map(stepsOf(sketch).map((step) => [step.name, step]));
  return steps.flatMap((step) => {
    if (sketches.get(baseOf(step.step))?.runs) return [];
    const effects = byKey.get(keyOf({ run: record.run, step: step.step })) ?? [];
    return valuesOf(step).flatMap(({ execution }) => {
      const believed = effects.find((one) => one.execution === execution);
      if (!believed) return [];
      const ofTask = effects.filter(({ token }) => token === believed.token);
      return { since: Math.min(...ofTask.map(({ since }) => since)), at: believed.at };
    });
  });
};

/** From the first to the last that is known of a run, with all that it began. */
const wholeOf = (one: RunCase): Span[] => around(familySpans(one));

const familySpans = (one: RunCase): Span[] => [
  ...spansOf(one, one.record.steps),
  ...[...one.below.values()].flatMap(familySpans),
];

const instancesIn = ({ record }: RunCase, name: string): StepRecord[] =>
  record.steps.filter(({ step }) => step !== name && baseOf(step) === name);

/** More under way at once than somebody said. */
export const judgeLimits = (cases: readonly RunCase[], findings: Findings): void => {
  for (const one of cases) judgeInstances(one, findings);
  judgePipelines(cases, findings);
  judgeComponents(cases, findings);
};

/** Items of a `foreach`. Opened again, one may have been there twice, and not in between. */
const judgeInstances = (one: RunCase, { crowded }: Findings): void => {
  const { record, sketch, asks, below } = one;
  for (const { name, each, runs } of stepsOf(sketch)) {
    if (each?.atOnce === undefined || (runs && asks.resumes > 0)) continue;
    const instances = instancesIn(one, name);
    const spans = runs
      ? instances.flatMap(({ step }) => {
          const child = below.get(step);
          return child ? wholeOf(child) : [];
        })
      : spansOf(one, instances);
    const most = mostAtOnce(spans);
    if (most > each.atOnce) crowded.push(`${record.run}/${name}: ${most}, not ${each.atOnce}`);
  }
};

const judgePipelines = (cases: readonly RunCase[], { crowded }: Findings): void => {
  const runsOf = new Map<Sketch, Span[]>();
  for (const one of cases)
    if (one.sketch.concurrency !== undefined && one.asks.resumes === 0)
      runsOf.set(one.sketch, [...(runsOf.get(one.sketch) ?? []), ...wholeOf(one)]);
  for (const [{ name, concurrency = Infinity }, spans] of runsOf) {
    const most = mostAtOnce(spans);
    if (most > concurrency) crowded.push(`${name}: ${most} runs, not ${concurrency}`);
  }
};

/** Tasks of a component, over all runs. */
const judgeComponents = (cases: readonly RunCase[], { crowded }: Findings): void => {
  for (const [deed, limit] of Object.entries(componentLimits)) {
    const spans = cases.flatMap((one) => {
      const names = new Set(stepsOf(one.sketch).flatMap(({ name, does }) => (does === deed ? [name] : [])));
      const tasks = one.record.steps.filter(({ step }) => names.has(baseOf(step)) && !isGroup(one, step));
      return spansOf(one, tasks);
    });
    const most = mostAtOnce(spans);
    if (most > limit) crowded.push(`${deed}: ${most} tasks, not ${limit}`);
  }
};

const isGroup = ({ sketch }: RunCase, step: string): boolean =>
  stepsOf(sketch).some(({ name, each, until }) => name === step && (each ?? until) !== undefined);
