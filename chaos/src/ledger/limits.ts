import { stepsOf, type Sketch } from '../workload/sketch.js';
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

/** When what a step believes was done. Something that was done in vain counts for nobody. */
const spansOf = ({ record, byKey }: RunCase, steps: readonly StepRecord[]): Span[] =>
  steps.flatMap((step) => {
    const effects = byKey.get(keyOf({ run: record.run, step: step.step })) ?? [];
    return valuesOf(step).flatMap(
      ({ execution }) => effects.find((one) => one.execution === execution) ?? [],
    );
  });

/** More under way at once than somebody said. */
export const judgeLimits = (cases: readonly RunCase[], findings: Findings): void => {
  const runsOf = new Map<Sketch, Span[]>();
  for (const one of cases) {
    const { record, sketch, asks } = one;
    for (const { name, each } of stepsOf(sketch)) {
      if (each?.atOnce === undefined) continue;
      const instances = record.steps.filter(({ step }) => step !== name && baseOf(step) === name);
      const most = mostAtOnce(spansOf(one, instances));
      if (most > each.atOnce) findings.crowded.push(`${record.run}/${name}: ${most}, not ${each.atOnce}`);
    }
    // Opened again, it may have been there twice, and not in between.
    if (sketch.concurrency !== undefined && asks.resumes === 0)
      runsOf.set(sketch, [...(runsOf.get(sketch) ?? []), ...around(spansOf(one, record.steps))]);
  }
  for (const [{ name, concurrency = Infinity }, spans] of runsOf) {
    const most = mostAtOnce(spans);
    if (most > concurrency) findings.crowded.push(`${name}: ${most} runs, not ${concurrency}`);
  }
};
