import { CelError } from '@millrace/pipeline/cel';
import { compileCel } from '@millrace/pipeline/cel';
import type { Draft, DraftStep } from './draft.js';
import { celMessage, parseTemplate, referencesIn, type FoundReference } from './expression.js';
import { namesSecret, secretKey } from './names-secret.js';
import type { Known } from './ports.js';
import type { Path, Problem } from '@millrace/pipeline/definition';
import {
  givenBy,
  scopeOfParams,
  scopeOfStep,
  scopeOfUntil,
  wrongWithName,
  wrongWithNames,
  wrongWithOutput,
  type Scope,
} from './scope.js';

const wrongWithSecret = (scope: Scope, whole: boolean): string | undefined => {
  if (!scope.secrets) return 'a secret can only stand in the params of a component';
  return whole ? undefined : 'a secret stands alone: text around it would have to know it';
};

const wrongWith = (scope: Scope, { reference, whole }: FoundReference): (string | undefined)[] => {
  switch (reference.kind) {
    case 'malformed':
      return [reference.message];
    case 'secret':
      return [wrongWithSecret(scope, whole)];
    case 'param':
      return [wrongWithName(scope, ['params', reference.name])];
    case 'cel':
      return wrongWithNames(scope, reference.cel.names);
    case 'output': {
      const { step, port } = reference;
      if (!scope.roots.has('steps')) return [wrongWithName(scope, ['steps', step])];
      const given = givenBy(scope, step, port);
      return [
        wrongWithOutput(scope, step, port) ??
          (given && given.type !== 'value' && given.lists === 0 && !(scope.artifacts && whole)
            ? `output '${step}.${port}' is a ${given.type}, which an input takes, not a param`
            : undefined),
      ];
    }
  }
};

const problemsAt = (path: Path, messages: readonly (string | undefined)[]): Problem[] =>
  [...new Set(messages)].flatMap((message) => (message === undefined ? [] : [{ path, message }]));

/** Every `${{ … }}` in a value: does it say something, and is there such a thing? */
export const checkTemplates = (scope: Scope, value: unknown, path: Path): Problem[] =>
  referencesIn(value, path).flatMap((found) => problemsAt(found.path, wrongWith(scope, found)));

/** A text that is all CEL and must be true or false. */
export const checkCondition = (scope: Scope, text: string | undefined, path: Path): Problem[] => {
  if (text === undefined) return [];
  if (text.includes('${{')) return [{ path, message: 'is CEL as it stands: write it without ${{ and }}' }];
  try {
    const cel = compileCel(text);
    return problemsAt(path, [
      ...wrongWithNames(scope, cel.names),
      ...(['bool', 'dyn'].includes(cel.type) ? [] : [`gives ${cel.type}, neither true nor false`]),
    ]);
  } catch (error) {
    if (error instanceof CelError) return [{ path, message: celMessage(text, error) }];
    throw error;
  }
};

const checkNoSecret = (value: unknown, path: Path): Problem[] =>
  namesSecret(value) ? [{ path, message: `'${secretKey}' is said as \${{ secrets.<name> }}` }] : [];

/** The items of a `foreach`: where they are known, they are a list. */
const checkItems = (scope: Scope, items: unknown, path: Path): Problem[] => {
  const problems = [
    ...checkTemplates({ ...scope, artifacts: true }, items, path),
    ...checkNoSecret(items, path),
  ];
  if (problems.length > 0 || typeof items !== 'string') return problems;
  const [only, ...more] = parseTemplate(items);
  const notAList = [{ path, message: 'must be a list, or one ${{ … }} that gives a list' }];
  if (only === undefined || typeof only === 'string' || more.length > 0) return notAList;
  if (only.kind === 'param') {
    const type = scope.draft.params.get(only.name)?.['type'];
    return type === 'array'
      ? []
      : [{ path, message: `parameter '${only.name}' is no array, but ${String(type)}` }];
  }
  if (only.kind === 'output') {
    const given = givenBy(scope, only.step, only.port);
    const type = given?.type === 'value' ? given.schema?.['type'] : given?.type;
    return given && given.lists === 0 && type !== undefined && type !== 'array'
      ? [{ path, message: `output '${only.step}.${only.port}' is no list, but ${String(type)}` }]
      : [];
  }
  return only.kind === 'cel' && !/^(dyn|list)/.test(only.cel.type)
    ? [{ path, message: `gives ${only.cel.type}, not a list` }]
    : [];
};

const checkStep = (draft: Draft, known: Known, step: DraftStep): Problem[] => {
  const scope = scopeOfStep(draft, known, step);
  return [
    ...checkTemplates(scopeOfParams(draft, known, step), step.params, [...step.path, 'params']),
    ...checkNoSecret(step.params, [...step.path, 'params']),
    ...checkCondition(scope, step.when, [...step.path, 'when']),
    ...(step.foreach ? checkItems(scope, step.foreach.items, [...step.path, 'foreach', 'items']) : []),
    ...checkCondition(scopeOfUntil(draft, known, step), step.until?.condition, [
      ...step.path,
      'until',
      'condition',
    ]),
  ];
};

/** Every expression of every step. */
export const checkReferences = (draft: Draft, known: Known): Problem[] =>
  [...draft.steps.values()].flatMap((step) => checkStep(draft, known, step));
