import type { CelName } from '@millrace/pipeline/cel';
import { whyUnreachable } from './reach.js';
import { didYouMeanIn } from './did-you-mean.js';
import type { Draft, DraftStep } from './draft.js';
import { describeStep, ownPorts, portsOf, type GivenPort, type Known } from './ports.js';

/** What can be read where an expression stands. */
export interface Scope {
  draft: Draft;
  known: Known;
  /** The names that it may begin with. */
  roots: ReadonlySet<string>;
  /** Of expressions within a step. */
  step?: DraftStep;
  /** May it name secrets? */
  secrets?: boolean;
  /** May it be an artifact as a whole? */
  artifacts?: boolean;
}

/** Names that an item of a `foreach` can't have. */
export const reserved: ReadonlySet<string> = new Set([
  'params',
  'steps',
  'secrets',
  'run',
  'outputs',
  'previous',
  'index',
  'event',
]);

const runFields = ['status', 'error', 'failedStep'];

/** What all expressions of a step can read. */
const common = ({ phase }: DraftStep): string[] => ['params', 'steps', ...(phase === 'main' ? [] : ['run'])];

export const scopeOfStep = (draft: Draft, known: Known, step: DraftStep): Scope => ({
  draft,
  known,
  step,
  roots: new Set(common(step)),
});

export const scopeOfParams = (draft: Draft, known: Known, step: DraftStep): Scope => ({
  draft,
  known,
  step,
  roots: new Set([
    ...common(step),
    ...(step.foreach ? [step.foreach.as, 'index'] : []),
    ...(step.until ? ['previous', 'index'] : []),
  ]),
  secrets: step.component !== undefined,
});

export const scopeOfUntil = (draft: Draft, known: Known, step: DraftStep): Scope => ({
  draft,
  known,
  step,
  roots: new Set([...common(step), 'outputs', 'previous', 'index']),
});

const quoted = (names: Iterable<string>) => [...names].sort().join(', ') || 'nothing';

const hint = '; a name with a hyphen is written steps';

/** `steps.fit-all.status` reads as a subtraction, and then `all` as a name. */
const hyphenHint = ({ draft }: Scope, root: string): string => {
  const meant = [...draft.steps.keys()].find((step) => step.includes('-') && step.split('-').includes(root));
  return meant === undefined ? '' : `${hint}['${meant}']`;
};

export const wrongWithOutput = (scope: Scope, name: string, port: string): string | undefined => {
  const unreachable = scope.step && whyUnreachable(scope.draft, scope.step, name);
  if (unreachable !== undefined) return unreachable;
  const step = scope.draft.steps.get(name);
  const ports = step && portsOf(step, scope.known);
  return step && ports && !ports.has(port)
    ? `step '${name}' (${describeStep(step)}) has no output '${port}' (outputs: ${quoted(ports.keys())})`
    : undefined;
};

export const givenBy = ({ draft, known }: Scope, name: string, port: string): GivenPort | undefined => {
  const step = draft.steps.get(name);
  return step && portsOf(step, known)?.get(port);
};

const wrongWithStep = (scope: Scope, [, name, field, port]: CelName): string | undefined => {
  if (name === undefined) return 'steps are read by name: steps.<name>.outputs.<port> or steps.<name>.status';
  const unreachable = scope.step && whyUnreachable(scope.draft, scope.step, name);
  if (unreachable !== undefined) return unreachable + hyphenHint(scope, name);
  if (field === undefined || field === 'status') return undefined;
  if (field !== 'outputs') return `a step has outputs and a status, but no '${field}'`;
  return port === undefined ? undefined : wrongWithOutput(scope, name, port);
};

const wrongWithOwn = (scope: Scope, [root, port]: CelName): string | undefined => {
  const ports = scope.step && ownPorts(scope.step, scope.known);
  return port === undefined || !ports || ports.has(port)
    ? undefined
    : `'${root}' has no '${port}' (outputs: ${quoted(ports.keys())})`;
};

/** Why a name says nothing where it stands. */
export const wrongWithName = (scope: Scope, name: CelName): string | undefined => {
  const [root = '', next] = name;
  if (!scope.roots.has(root))
    return `there is no '${root}' here (there is: ${quoted(scope.roots)})${hyphenHint(scope, root)}`;
  if (root === 'params')
    return next === undefined || scope.draft.params.has(next)
      ? undefined
      : `the pipeline has no parameter '${next}'${didYouMeanIn(next, scope.draft.params)}`;
  if (root === 'steps') return wrongWithStep(scope, name);
  if (root === 'outputs' || root === 'previous') return wrongWithOwn(scope, name);
  if (root === 'run' && next !== undefined && !runFields.includes(next))
    return `a run has ${quoted(runFields)}, but no '${next}'`;
  return undefined;
};

/** Of all names of an expression; what follows from a forgotten quote is said once. */
export const wrongWithNames = (scope: Scope, names: readonly CelName[]): (string | undefined)[] => {
  const messages = names.map((name) => wrongWithName(scope, name));
  const first = messages.find((message) => message?.includes(hint));
  return first === undefined ? messages : [first];
};
