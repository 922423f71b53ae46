import type { PipelineDefinition } from '@millrace/contracts';
import { cronProblems } from '../schedules/cron.js';
import { checkCondition, checkTemplates } from './check-references.js';
import type { Draft } from './draft.js';
import { referencesIn } from './expression.js';
import { fitsType, mustBe } from './pipeline-params.js';
import { draftOf } from './draft.js';
import type { Known } from './ports.js';
import type { Path, Problem } from './problem.js';
import type { Scope } from './scope.js';

type Declared = ReadonlyMap<string, Record<string, unknown>>;

/** Parameters given to a pipeline: all of them its own, of their types, and none missing. */
export const checkGiven = (
  declared: Declared,
  given: { readonly [name: string]: unknown },
  path: Path,
  whose: string,
): Problem[] => [
  ...Object.entries(given).flatMap(([name, value]): Problem[] => {
    const param = declared.get(name);
    const names = [...declared.keys()].join(', ') || 'none';
    if (!param)
      return [{ path: [...path, name], message: `${whose} has no such parameter (parameters: ${names})` }];
    return referencesIn(value).length > 0 || fitsType(value, param['type'])
      ? []
      : [{ path: [...path, name], message: mustBe(String(param['type'])) }];
  }),
  ...[...declared]
    .filter(([name, param]) => param['default'] === undefined && !Object.hasOwn(given, name))
    .map(([name]) => ({ path: [...path, name], message: `is missing: ${whose} has no default for it` })),
];

const checkSchedule = ({ schedule, params }: Draft): Problem[] => {
  if (!schedule) return [];
  const { cron, timezone, params: given } = schedule;
  const paths = referencesIn(given, ['schedule', 'params']).map(({ path }) => path);
  return [
    ...(cron === undefined ? [] : cronProblems(cron, timezone)).map(({ field, message }) => ({
      path: ['schedule', field],
      message,
    })),
    ...checkGiven(params, given, ['schedule', 'params'], 'the pipeline'),
    ...paths.map((path) => ({ path, message: 'there is nothing that an expression could read here' })),
  ];
};

const checkTriggers = (draft: Draft, known: Known): Problem[] =>
  draft.triggers.flatMap(({ when, params }, index) => {
    const scope: Scope = { draft, known, roots: new Set(['event']) };
    const path = ['triggers', index];
    return [
      ...checkCondition(scope, when, [...path, 'when']),
      ...checkTemplates(scope, params, [...path, 'params']),
      ...checkGiven(draft.params, params, [...path, 'params'], 'the pipeline'),
    ];
  });

/** The way from one stored pipeline back to the one that is checked, if there is one. */
const wayBack = (from: string, to: string | undefined, known: Known): string[] | undefined => {
  const ways: string[][] = [[from]];
  const seen = new Set<string>([from]);
  for (const way of ways) {
    const last = way.at(-1) as string;
    if (last === to) return way;
    for (const next of calledBy(known.pipeline?.(last)))
      if (!seen.has(next)) {
        seen.add(next);
        ways.push([...way, next]);
      }
  }
  return undefined;
};

/** The pipelines that a definition's steps run. */
export const calledBy = (definition: unknown): string[] => [
  ...new Set([...draftOf(definition).steps.values()].flatMap(({ pipeline }) => pipeline ?? [])),
];

const declaredBy = (definition: PipelineDefinition): Declared => draftOf(definition).params;

const checkCalls = (draft: Draft, known: Known): Problem[] =>
  [...draft.steps.values()].flatMap(({ path, pipeline, params }): Problem[] => {
    if (pipeline === undefined || !known.pipeline) return [];
    const way = wayBack(pipeline, draft.name, known);
    if (way)
      return [
        {
          path: [...path, 'pipeline'],
          message: `pipelines would run each other without end: ${[draft.name, ...way].join(' → ')}`,
        },
      ];
    const definition = known.pipeline(pipeline);
    return definition
      ? checkGiven(declaredBy(definition), params, [...path, 'params'], `pipeline '${pipeline}'`)
      : [{ path: [...path, 'pipeline'], message: `there is no pipeline '${pipeline}'` }];
  });

/** All that starts runs: schedule, triggers, and steps that are other pipelines. */
export const checkStarts = (draft: Draft, known: Known): Problem[] => [
  ...checkSchedule(draft),
  ...checkTriggers(draft, known),
  ...checkCalls(draft, known),
];
