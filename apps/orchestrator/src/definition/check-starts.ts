import { cronProblems } from '../schedules/cron.js';
import { checkGiven } from './check-given.js';
import { checkCondition, checkTemplates } from './check-references.js';
import type { Draft } from './draft.js';
import { referencesIn } from './expression.js';
import type { Known } from './ports.js';
import type { Problem } from '@millrace/pipeline/definition';
import type { Scope } from './scope.js';

const checkSchedule = ({ schedule, params }: Draft): Problem[] => {
  if (!schedule) return [];
  const { cron, timezone, params: given } = schedule;
  const paths = referencesIn(given, ['schedule', 'params']).map(({ path }) => path);
  return [
    ...(cron === undefined ? [] : cronProblems(cron, timezone)).map(({ field, message }) => ({
      path: ['schedule', field],
      message,
    })),
    ...checkGiven(params, given, { path: ['schedule', 'params'], whose: 'the pipeline' }),
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
      ...checkGiven(draft.params, params, { path: [...path, 'params'], whose: 'the pipeline' }),
    ];
  });

/** All that starts runs. */
export const checkStarts = (draft: Draft, known: Known): Problem[] => [
  ...checkSchedule(draft),
  ...checkTriggers(draft, known),
];
