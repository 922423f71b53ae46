import { canonicalJson } from '@millrace/artifacts';
import {
  type JsonValue,
  type MetricDifference,
  type OutputDifference,
  type ParamDifference,
  type PortValue,
  type RunComparison,
  type StepDifference,
} from '@millrace/contracts';
import { brief } from '../lineage/brief.js';
import { contentOf } from '../runs/content-of.js';
import { instanceIn, instancesOf } from '../runs/decide/instances.js';
import { positionIn } from '../runs/decide/position-in.js';
import { isFinished, type StepState } from '../runs/decide/state.js';
import type { HotRun } from '../runs/drive/hot-run.js';
import { shorten } from '../search/shorten.js';
import { fitComparison } from './fit-comparison.js';

/** Of the outputs of one step: they may be lists of thousands of artifacts. */
const maxBytes = 100_000;
const none = new Set<string>();

/** Artifacts are equal by content. */
const identityOf = (value: PortValue | undefined): string | undefined =>
  value === undefined ? undefined : canonicalJson(contentOf(value));

const changed = <T extends PortValue>(
  before: { readonly [name: string]: T } = {},
  after: { readonly [name: string]: T } = {},
): { name: string; before?: T; after?: T }[] => {
  const [then, now] = [shorten(brief(before), maxBytes).values, shorten(brief(after), maxBytes).values];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name) => {
    if (identityOf(before[name]) === identityOf(after[name])) return [];
    return [
      {
        name,
        ...(name in then ? { before: then[name] as T } : {}),
        ...(name in now ? { after: now[name] as T } : {}),
      },
    ];
  });
};

const outputsOf = (before?: StepState, after?: StepState): OutputDifference[] =>
  changed<PortValue>(before?.outputs, after?.outputs).map(({ name, ...values }) => ({
    port: name,
    ...values,
  }));

const metricsOf = (before?: StepState, after?: StepState): MetricDifference[] =>
  changed<number>(before?.metrics, after?.metrics).map((metric) => ({
    ...metric,
    ...(metric.before === undefined || metric.after === undefined
      ? {}
      : { difference: metric.after - metric.before }),
  }));

const tookMs = (step: StepState | undefined): number | undefined =>
  step?.status === 'succeeded' && step.startedAt !== undefined && step.finishedAt !== undefined
    ? step.finishedAt - step.startedAt
    : undefined;

const both = <T>(before: T | undefined, after: T | undefined): { before?: T; after?: T } => ({
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

/** A result is a result, whether it came from the cache or not. */
const outcomeOf = (step: StepState | undefined): string | undefined =>
  step?.status === 'cached' ? 'succeeded' : step?.status;

const byName = ({ state }: HotRun) =>
  new Map(
    state.plan.steps.map((planned, i) => [planned.name, { planned, state: state.steps[i] as StepState }]),
  );

/** A step whose result was taken over has no instances: what it gave is compared as a whole. */
const lacksInstances = ({ state: { plan } }: HotRun, whole: string): boolean => {
  const position = positionIn(plan, whole);
  return position !== undefined && instancesOf(plan, position).length === 0;
};

/** The steps to compare, by name. */
const stepsOf = (run: HotRun, other: HotRun): string[] =>
  run.state.plan.steps.flatMap((planned) => {
    const whole = run.state.plan.steps[instanceIn(planned)?.of ?? -1];
    return whole && lacksInstances(other, whole.name) ? [] : [planned.name];
  });

/** What came out another way. @param kept names of steps whose results were taken over */
export const compareRuns = (
  before: HotRun,
  after: HotRun,
  kept: ReadonlySet<string> = none,
): RunComparison => {
  const [then, now] = [byName(before), byName(after)];
  const steps = [...new Set([...stepsOf(before, after), ...stepsOf(after, before)])].map(
    (step): StepDifference => {
      const [a, b] = [then.get(step), now.get(step)];
      const outputs = outputsOf(a?.state, b?.state);
      const metrics = metricsOf(a?.state, b?.state);
      const took = both(tookMs(a?.state), tookMs(b?.state));
      const isSameCode =
        a?.planned.component === b?.planned.component && a?.planned.version === b?.planned.version;
      const codeOf = (one: typeof a) => one && `${one.planned.component} ${one.planned.version}`;
      return {
        step,
        ...both(a?.state.status, b?.state.status),
        kept: kept.has(step),
        same: outcomeOf(a?.state) === outcomeOf(b?.state) && outputs.length + metrics.length === 0,
        ...(isSameCode || kept.has(step) ? {} : { component: both(codeOf(a), codeOf(b)) }),
        outputs,
        metrics,
        ...(took.before === undefined && took.after === undefined ? {} : { tookMs: took }),
      };
    },
  );
  const params: ParamDifference[] = changed<JsonValue>(before.state.params, after.state.params);
  return {
    before: before.state.run,
    after: after.state.run,
    pipelineVersion: { before: before.record.pipelineVersion, after: after.record.pipelineVersion },
    status: { before: before.state.status, after: after.state.status },
    verdict: !isFinished(after.state.status)
      ? 'pending'
      : steps.every(({ same }) => same) && before.state.status === after.state.status
        ? 'same'
        : 'different',
    params,
    ...fitComparison(steps),
  };
};
