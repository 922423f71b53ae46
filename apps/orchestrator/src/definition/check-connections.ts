import { phases, type Draft, type DraftStep } from './draft.js';
import { ownProperty } from './own-property.js';
import { describePort, describeStep, portsOf, typeOf, type Known } from './ports.js';
import type { Problem } from './problem.js';

export type { FindComponent } from './ports.js';

const list = (names: Iterable<string>): string => [...names].join(', ') || 'none';
const order = Object.values(phases);

/** Why one step cannot refer to another, if it cannot. */
export const whyUnreachable = (draft: Draft, from: DraftStep, name: string): string | undefined => {
  const step = draft.steps.get(name);
  if (!step) return `there is no step '${name}'`;
  return order.indexOf(step.phase) > order.indexOf(from.phase)
    ? `step '${name}' stands in ${step.phase}, which runs after this`
    : undefined;
};

const checkInput = (
  draft: Draft,
  known: Known,
  [name, step]: [string, DraftStep],
  input: DraftStep['inputs'][number],
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
  if (!input.from) return [];
  const { step: from, port } = input.from;
  const unreachable = whyUnreachable(draft, step, from);
  if (unreachable !== undefined) return [{ path, message: unreachable }];
  const other = draft.steps.get(from);
  const ports = other && portsOf(other, known);
  if (!other || !ports) return [];
  const source = ports.get(port);
  if (!source)
    return [
      {
        path,
        message: `step '${from}' (${describeStep(other)}) has no output '${port}' (outputs: ${list(ports.keys())})`,
      },
    ];
  return target && target.type !== typeOf(source)
    ? [
        {
          path,
          message: `input '${name}.${input.port}' (${own?.name}) takes ${target.type}, but output '${from}.${port}' (${describeStep(other)}) gives ${describePort(source)}`,
        },
      ]
    : [];
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
      ...missing.map(([port, { type }]) => ({
        path: [...step.path, 'inputs', port],
        message: `is missing: component '${step.component}' needs a ${type}`,
      })),
      ...step.after.flatMap((need, index) => {
        const message = whyUnreachable(draft, step, need);
        return message === undefined ? [] : [{ path: [...step.path, 'after', index], message }];
      }),
    ];
  });
