import { reserved } from './scope.js';
import type { Draft, DraftStep } from './draft.js';
import type { Problem } from '@millrace/pipeline/definition';

/** What says nothing beside what a step is. */
const meaningless = {
  pipeline: ['inputs'],
  approval: ['inputs', 'params', 'retry', 'timeoutMs', 'cache', 'foreach', 'until'],
} as const;

const besides = (step: DraftStep): Problem[] => {
  if (step.component !== undefined) return [];
  const kind = step.isApproval ? 'approval' : step.pipeline === undefined ? undefined : 'pipeline';
  // The steps of the other pipeline have results to keep; the whole of it only lets them look for them, or not.
  const cache = kind === 'pipeline' && typeof step.cache !== 'boolean' ? ['cache'] : [];
  return [...(kind ? meaningless[kind] : []), ...cache]
    .filter((field) => step.fields.includes(field))
    .map((field) => ({ path: [...step.path, field], message: `says nothing beside '${kind}'` }));
};

const checkStep = (step: DraftStep): Problem[] => {
  const { path, foreach, until, timeoutMs, stepTimeoutMs } = step;
  return [
    ...besides(step),
    ...(foreach && until
      ? [
          {
            path: [...path, 'until'],
            message: "cannot stand beside 'foreach': loop in a pipeline of its own",
          },
        ]
      : []),
    ...(foreach && reserved.has(foreach.as)
      ? [{ path: [...path, 'foreach', 'as'], message: `'${foreach.as}' is the name of something else` }]
      : []),
    ...(timeoutMs !== undefined && stepTimeoutMs !== undefined && stepTimeoutMs < timeoutMs
      ? [
          {
            path: [...path, 'stepTimeoutMs'],
            message: `is less than timeoutMs, so that no attempt could take ${timeoutMs} ms`,
          },
        ]
      : []),
  ];
};

/** Statements that do not go together. */
export const checkStatements = ({ steps, twice }: Draft): Problem[] => [
  ...[...steps.values()].flatMap(checkStep),
  ...twice.map((path) => ({ path, message: `there is another step '${String(path[1])}'` })),
];
