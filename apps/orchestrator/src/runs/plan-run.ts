import { InvalidRequest, type JsonValue, type PipelineDefinition } from '@millrace/contracts';
import { checkJson } from '../definition/check-json.js';
import { findProblems } from '../definition/compile.js';
import { phases } from '../definition/draft.js';
import { resolve, type Reference } from '../definition/expression.js';
import { checkParams } from '../definition/params-schema.js';
import { bindParams } from '../definition/pipeline-params.js';
import type { FindComponent, FindPipeline } from '../definition/ports.js';
import { InvalidDefinition, type Problem } from '../definition/problem.js';

export interface Planned {
  params: { [name: string]: JsonValue };
  /** Component → version. */
  components: { [name: string]: string };
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

/**
 * A run of a pipeline with these parameters, on the components as they are now.
 * @throws InvalidRequest with all that is wrong with the parameters, or with what components now say about the pipeline
 */
export const planRun = (
  definition: PipelineDefinition,
  given: { [name: string]: unknown },
  find: FindComponent,
  pipeline?: FindPipeline,
): Planned => {
  const unreadable = checkJson(given, ['params']);
  const { params, problems } =
    unreadable.length > 0 ? { params: {}, problems: unreadable } : bindParams(definition, given);
  if (problems.length > 0)
    throw new InvalidRequest(problems.map(({ path, message }) => ({ field: path.join('.'), message })));
  const outdated = findProblems(definition, find, pipeline);
  if (outdated.length > 0) throw new InvalidDefinition(outdated);

  const steps = Object.keys(phases).flatMap((field) =>
    Object.entries(definition[field as keyof typeof phases] ?? {}).map(
      ([name, step]) => ({ path: [field, name], step }) as const,
    ),
  );
  const wrong = steps.flatMap(({ path: at, step }): Problem[] => {
    const descriptor = step.component === undefined ? undefined : find(step.component);
    const found = descriptor ? checkParams(resolveParams(step.params ?? {}, params), descriptor) : [];
    return found.map(({ path, message }) => ({ path: [...at, 'params', ...path], message }));
  });
  if (wrong.length > 0) throw new InvalidDefinition(wrong);
  return {
    params,
    components: Object.fromEntries(
      steps.flatMap(({ step: { component } }) =>
        component === undefined ? [] : [[component, find(component)?.version ?? '']],
      ),
    ),
  };
};
