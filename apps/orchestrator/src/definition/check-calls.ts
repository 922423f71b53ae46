import { CallTrees, Circle, maxNesting, maxSteps } from './call-tree.js';
import { checkGiven } from './check-given.js';
import { draftOf, type Draft, type DraftStep } from './draft.js';
import type { Known } from './ports.js';
import type { Problem } from '@millrace/pipeline/definition';
import { scopeOfParams } from './scope.js';

export interface Calls {
  problems: Problem[];
  /** Without the pipelines that nothing can be said about, as they lead nowhere or are endless. */
  known: Known;
}

const checkTrees = (draft: Draft, find: NonNullable<Known['pipeline']>) => {
  const trees = new CallTrees(find);
  const endless = new Set<string>();
  const problems: Problem[] = [];
  let all = draft.steps.size;
  for (const { path, pipeline } of draft.steps.values()) {
    if (pipeline === undefined) continue;
    const refuse = (message: string): void => {
      endless.add(pipeline);
      problems.push({ path: [...path, 'pipeline'], message });
    };
    try {
      const { depth, steps } = trees.of(pipeline, draft.name === undefined ? [] : [draft.name]);
      const before = all;
      all += steps;
      if (depth >= maxNesting) refuse(`pipelines run each other more than ${maxNesting} deep`);
      else if (all > maxSteps && before <= maxSteps)
        refuse(`comes, with all that pipelines run, to more than ${maxSteps} steps`);
      else if (all > maxSteps) endless.add(pipeline);
    } catch (error) {
      if (!(error instanceof Circle)) throw error;
      refuse(error.message);
    }
  }
  return { problems, endless };
};

const checkCall = (draft: Draft, known: Known, step: DraftStep): Problem[] => {
  const { path, pipeline, params } = step;
  if (pipeline === undefined || !known.pipeline) return [];
  const definition = known.pipeline(pipeline);
  if (!definition) return [{ path: [...path, 'pipeline'], message: `there is no pipeline '${pipeline}'` }];
  return checkGiven(draftOf(definition).params, params, {
    path: [...path, 'params'],
    whose: `pipeline '${pipeline}'`,
    scope: scopeOfParams(draft, known, step),
  });
};

/** Steps that run other pipelines: those are there, lead to an end, and get the parameters that they ask for. */
export const checkCalls = (draft: Draft, known: Known): Calls => {
  const find = known.pipeline;
  if (!find) return { problems: [], known };
  const { problems, endless } = checkTrees(draft, find);
  const bounded: Known = {
    ...known,
    pipeline: (name) => (endless.has(name) ? undefined : find(name)),
  };
  const calls = [...draft.steps.values()].filter(({ pipeline }) => !endless.has(pipeline ?? ''));
  return {
    problems: [...problems, ...calls.flatMap((step) => checkCall(draft, bounded, step))],
    known: bounded,
  };
};
