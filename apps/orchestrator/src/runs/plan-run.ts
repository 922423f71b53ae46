import { InvalidRequest, type JsonValue, type PipelineDefinition } from '@millrace/contracts';
import { checkJson } from '../definition/check-json.js';
import { pipelinesIn } from '../definition/call-tree.js';
import { componentsIn, findProblems } from '../definition/compile.js';
import { phases } from '../definition/draft.js';
import { resolve, type Reference } from '../definition/expression.js';
import { checkParams } from '../definition/params-schema.js';
import { bindParams } from '../definition/pipeline-params.js';
import type { FindComponent } from '../definition/ports.js';
import { fieldOf, InvalidDefinition, type Problem } from '@millrace/pipeline/definition';
import type { Reachable } from '../pipelines/reachable-pipelines.js';

export interface Planned {
  params: { [name: string]: JsonValue };
  /** Component → version, of all that the run, or a run that it begins, may use. */
  components: { [name: string]: string };
  /** Pipeline → version, of those that its steps run, and theirs. */
  pipelines: { [name: string]: number };
}

/** What can be known of a step's params at the start: the run's parameters in their places, steps' outputs still open. */
const resolveParams = (params: { [name: string]: JsonValue }, run: Planned['params']) => {
  const lookup = (reference: Reference): JsonValue => {
    switch (reference.kind) {
      case 'param':
        return run[reference.name] ?? null;
      case 'output':
        return `\${{ steps.${reference.step}.outputs.${reference.port} }}`;
      case 'secret':
        return `\${{ secrets.${reference.name} }}`;
      case 'cel':
        return `\${{ ${reference.text} }}`;
      case 'malformed':
        return null;
    }
  };
  return resolve(params, lookup) as typeof params;
};

const stepsOf = (definition: PipelineDefinition) =>
  Object.keys(phases).flatMap((field) =>
    Object.entries(definition[field as keyof typeof phases] ?? {}).map(
      ([name, step]) => ({ path: [field, name], step }) as const,
    ),
  );

/** What is given over what is the default. @throws InvalidRequest with all that is wrong with it */
const boundParams = (
  definition: PipelineDefinition,
  given: { [name: string]: unknown },
): Planned['params'] => {
  const unreadable = checkJson(given, ['params']);
  const { params, problems } =
    unreadable.length > 0 ? { params: {}, problems: unreadable } : bindParams(definition, given);
  if (problems.length > 0)
    throw new InvalidRequest(problems.map(({ path, message }) => ({ field: path.join('.'), message })));
  return params;
};

/** @throws InvalidDefinition where a component is given what it does not take */
const assertTaken = (
  definition: PipelineDefinition,
  params: Planned['params'],
  find: FindComponent,
): void => {
  const wrong = stepsOf(definition).flatMap(({ path: at, step }): Problem[] => {
    const descriptor = step.component === undefined ? undefined : find(step.component);
    const found = descriptor ? checkParams(resolveParams(step.params ?? {}, params), descriptor) : [];
    return found.map(({ path, message }) => ({ path: [...at, 'params', ...path], message }));
  });
  if (wrong.length > 0) throw new InvalidDefinition(wrong);
};

/**
 * The parameters of a run of a pipeline that is known to be right.
 * @throws InvalidRequest with all that is wrong with them
 */
export const bindRun = (
  definition: PipelineDefinition,
  given: { [name: string]: unknown },
  find: FindComponent,
): Planned['params'] => {
  const params = boundParams(definition, given);
  assertTaken(definition, params, find);
  return params;
};

/** What components now say about the pipelines that a definition's steps run, told of the steps that lead to them. */
const problemsBelow = (
  definition: PipelineDefinition,
  find: FindComponent,
  reachable: Reachable,
): Problem[] => {
  const seen = new Set<string>();
  const below = (name: string, path: Problem['path']): Problem[] => {
    const called = seen.has(name) ? undefined : reachable.find(name);
    if (!called) return [];
    seen.add(name);
    return [
      ...findProblems(called, find, reachable.find).map((problem) => ({
        path,
        message: `pipeline '${name}', ${fieldOf(problem.path)}: ${problem.message}`,
      })),
      ...pipelinesIn(called).flatMap((next) => below(next, path)),
    ];
  };
  return stepsOf(definition).flatMap(({ path, step }) =>
    step.pipeline === undefined ? [] : below(step.pipeline, [...path, 'pipeline']),
  );
};

/**
 * A run of a pipeline with these parameters, on the components, and of the other pipelines, as they are now.
 * @throws InvalidRequest with all that is wrong with the parameters, or with what components now say about the pipeline
 */
export const planRun = (
  definition: PipelineDefinition,
  given: { [name: string]: unknown },
  find: FindComponent,
  reachable: Reachable,
): Planned => {
  const params = boundParams(definition, given);
  const outdated = findProblems(definition, find, reachable.find);
  if (outdated.length === 0) outdated.push(...problemsBelow(definition, find, reachable));
  if (outdated.length > 0) throw new InvalidDefinition(outdated);
  assertTaken(definition, params, find);
  const components = [definition, ...reachable.definitions].flatMap(componentsIn);
  return {
    params,
    components: Object.fromEntries(components.map((name) => [name, find(name)?.version ?? ''])),
    pipelines: { ...reachable.versions },
  };
};
