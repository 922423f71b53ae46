import type { Port } from '@millrace/contracts';
import type { Draft, DraftStep } from './draft.js';
import { givenBySource, type Given } from './given-by-source.js';
import { ownProperty } from './own-property.js';
import { describePort, type GivenPort, type Known } from './ports.js';
import type { Problem } from '@millrace/pipeline/definition';
import { whyUnreachable } from './reach.js';
import { isSource, type DraftInput, type Source } from './source.js';

export type { FindComponent } from './ports.js';

const list = (names: Iterable<string>): string => [...names].join(', ') || 'none';

/** A list is a value, whatever it is of: what takes values gets the references. */
const takes = ({ type, many }: Port, given: GivenPort, isListed: boolean): boolean => {
  if (type === 'value') return given.type === 'value' || given.lists > 0;
  if (given.type !== type) return false;
  return many ? given.lists === 1 || (isListed && given.lists === 0) : given.lists === 0;
};

const wrongWithUnreadable = (
  { foreach }: DraftStep,
  text: string,
  isStep: (name: string) => boolean,
): string | undefined => {
  if (!isSource(text)) return undefined; // as the schema says
  if (text.includes('[')) return `'${text}' is no list: it is a field of an item`;
  const forgotten = isStep(text) ? `; an output of step '${text}' is ${text}.<port>` : '';
  return foreach
    ? `there is no '${text}': an item is called '${foreach.as}'${forgotten}`
    : `there is no item '${text}' without 'foreach'${forgotten}`;
};

const wrongWith = (
  target: Port | undefined,
  given: Given,
  takenBy: string,
  isListed: boolean,
): string | undefined => {
  if ('problem' in given) return given.problem;
  if (!target || takes(target, given.port, isListed)) return undefined;
  const { type, many = false } = target;
  const hint =
    many && given.port.lists === 0 && given.port.type === type
      ? '; of one by one, such a list is written [step.port, …]'
      : '';
  return `${takenBy} takes ${describePort({ type, lists: many ? 1 : 0 })}, but ${given.what} gives ${describePort(given.port)}${hint}`;
};

/** Of the items of a `foreach`, one mistake says enough. */
const checkSource = (
  draft: Draft,
  known: Known,
  [name, step]: [string, DraftStep],
  { port, isList }: DraftInput,
  source: Source,
): string[] => {
  const own = step.component === undefined ? undefined : known.component(step.component);
  const target = ownProperty(own?.inputs, port);
  if (source.kind === 'unreadable')
    return [wrongWithUnreadable(step, source.text, (text) => draft.steps.has(text)) ?? []].flat();
  if (source.kind === 'output' && step.foreach?.as === source.step)
    return [`'${source.step}' is a step and the name of an item: call the item something else`];
  const messages = givenBySource(draft, known, step, source).map((given) =>
    wrongWith(target, given, `input '${name}.${port}' (${own?.name})`, isList),
  );
  return messages.filter((message) => message !== undefined).slice(0, 1);
};

const checkInput = (
  draft: Draft,
  known: Known,
  [name, step]: [string, DraftStep],
  input: DraftInput,
): Problem[] => {
  const own = step.component === undefined ? undefined : known.component(step.component);
  const path = [...step.path, 'inputs', input.port];
  const target = ownProperty(own?.inputs, input.port);
  if (own && !target)
    return [
      {
        path,
        message: `component '${own.name}' has no input '${input.port}' (inputs: ${list(Object.keys(own.inputs))})`,
      },
    ];
  if (target && input.isList && !target.many)
    return [
      { path, message: `input '${name}.${input.port}' (${own?.name}) takes one ${target.type}, not several` },
    ];
  return input.sources.flatMap((source, index) =>
    checkSource(draft, known, [name, step], input, source).map((message) => ({
      path: input.isList ? [...path, index] : path,
      message,
    })),
  );
};

/** Every connection of every step, port against port. */
export const checkConnections = (draft: Draft, known: Known): Problem[] =>
  [...draft.steps].flatMap(([name, step]) => {
    const own = step.component === undefined ? undefined : known.component(step.component);
    const given = new Set(step.inputs.map(({ port }) => port));
    const missing = Object.entries(own?.inputs ?? {}).filter(
      ([port, { optional }]) => !optional && !given.has(port),
    );
    return [
      ...(step.component !== undefined && !own
        ? [
            {
              path: [...step.path, 'component'],
              message: `component '${step.component}' is not known: no service offers it`,
            },
          ]
        : []),
      ...step.inputs.flatMap((input) => checkInput(draft, known, [name, step], input)),
      ...missing.map(([port, { type, many = false }]) => ({
        path: [...step.path, 'inputs', port],
        message: `is missing: component '${step.component}' needs a ${many ? `list of ${type}` : type}`,
      })),
      ...step.after.flatMap((need, index) => {
        const message = whyUnreachable(draft, step, need);
        return message === undefined ? [] : [{ path: [...step.path, 'after', index], message }];
      }),
    ];
  });
