import type { PipelineDefinition } from '@millrace/contracts';
import { checkCalls } from './check-calls.js';
import { checkConnections } from './check-connections.js';
import { checkJson } from './check-json.js';
import { checkReferences } from './check-references.js';
import { checkSchema } from './check-schema.js';
import { checkStarts } from './check-starts.js';
import { checkStatements } from './check-statements.js';
import { draftOf, type Draft } from './draft.js';
import { findCycles, graphOf } from './graph.js';
import { checkParams } from './params-schema.js';
import { checkDefaults } from './pipeline-params.js';
import { InvalidDefinition, type Problem, type Source } from '@millrace/pipeline/definition';
import type { FindComponent, FindPipeline, Known } from './ports.js';
import { assertSupported } from './supported-statements.js';

const checkSteps = (draft: Draft, known: Known): Problem[] =>
  [...draft.steps.values()].flatMap(({ path: step, component, params }) => {
    const descriptor = component === undefined ? undefined : known.component(component);
    const problems = descriptor ? checkParams(params, descriptor) : [];
    return problems.map(({ path, message }) => ({ path: [...step, 'params', ...path], message }));
  });

const cyclesOf = (draft: Draft): Problem[] =>
  findCycles(graphOf(draft)).map((cycle) => ({
    path: draft.steps.get(String(cycle[0]))?.path ?? ['steps'],
    message: `waits for itself: ${cycle.join(' → ')}`,
  }));

/** Everything that is wrong with a definition, whatever else is wrong with it. */
export const findProblems = (value: unknown, find: FindComponent, pipeline?: FindPipeline): Problem[] => {
  const unreadable = checkJson(value);
  if (unreadable.length > 0) return unreadable;
  const draft = draftOf(value);
  const calls = checkCalls(draft, { component: find, ...(pipeline ? { pipeline } : {}) });
  const { known } = calls;
  return [
    ...checkSchema(value),
    ...checkDefaults(draft.params),
    ...checkConnections(draft, known),
    ...checkStatements(draft),
    ...checkReferences(draft, known),
    ...checkSteps(draft, known),
    ...checkStarts(draft, known),
    ...calls.problems,
    ...cyclesOf(draft),
  ];
};

/** The definition that a source says, or all its problems. */
export const compile = (source: Source, find: FindComponent, pipeline?: FindPipeline): PipelineDefinition => {
  const broken = source.problems.length > 0 && source.value === undefined;
  const found = broken ? [] : findProblems(source.value, find, pipeline);
  const problems = [
    ...source.problems,
    ...found.map((problem) => ({ ...problem, ...lineOf(source, problem) })),
  ];
  if (problems.length > 0) throw new InvalidDefinition(problems);
  assertSupported(source.value, source.lineOf);
  return source.value as PipelineDefinition;
};

const lineOf = (source: Source, { path }: Problem): { line?: number } => {
  const line = source.lineOf(path);
  return line === undefined ? {} : { line };
};

/** The components that a definition names, known or not. */
export const componentsIn = (value: unknown): string[] => [
  ...new Set([...draftOf(value).steps.values()].flatMap(({ component }) => component ?? [])),
];
