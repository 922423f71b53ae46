import type { ComponentDescriptor, Port } from '@millrace/contracts';
import type { Draft, DraftStep } from './draft.js';
import { ownProperty } from './own-property.js';
import type { Problem } from './problem.js';

export type FindComponent = (name: string) => ComponentDescriptor | undefined;

const list = (names: Iterable<string>): string => [...names].join(', ') || 'none';

const mismatch = (input: string, target: Port, output: string, source: Port): string =>
  `input ${input} takes ${target.type}, but output ${output} gives ${source.type}`;

/** Every connection of every step, port against port. */
export const checkConnections = (draft: Draft, find: FindComponent): Problem[] => {
  const descriptorOf = (step: string) => {
    const component = draft.steps.get(step)?.component;
    return component === undefined ? undefined : find(component);
  };

  const checkInput = (
    name: string,
    input: DraftStep['inputs'][number],
    own?: ComponentDescriptor,
  ): Problem[] => {
    const path = ['steps', name, 'inputs', input.port];
    const target = ownProperty(own?.inputs, input.port);
    if (own && !target)
      return [
        {
          path,
          message: `component '${own.name}' has no input '${input.port}' (inputs: ${list(Object.keys(own.inputs))})`,
        },
      ];
    if (!input.from) return [];
    const { step, port } = input.from;
    if (!draft.steps.has(step)) return [{ path, message: `there is no step '${step}'` }];
    const other = descriptorOf(step);
    const source = ownProperty(other?.outputs, port);
    if (other && !source)
      return [
        {
          path,
          message: `step '${step}' (${other.name}) has no output '${port}' (outputs: ${list(Object.keys(other.outputs))})`,
        },
      ];
    return target && source && target.type !== source.type
      ? [
          {
            path,
            message: mismatch(
              `'${name}.${input.port}' (${own?.name})`,
              target,
              `'${step}.${port}' (${other?.name})`,
              source,
            ),
          },
        ]
      : [];
  };

  return [...draft.steps].flatMap(([name, step]) => {
    const own = descriptorOf(name);
    const given = new Set(step.inputs.map(({ port }) => port));
    const missing = Object.entries(own?.inputs ?? {}).filter(
      ([port, { optional }]) => !optional && !given.has(port),
    );
    return [
      ...(step.component !== undefined && !own
        ? [
            {
              path: ['steps', name, 'component'],
              message: `component '${step.component}' is not known: no service offers it`,
            },
          ]
        : []),
      ...step.inputs.flatMap((input) => checkInput(name, input, own)),
      ...missing.map(([port, { type }]) => ({
        path: ['steps', name, 'inputs', port],
        message: `is missing: component '${step.component}' needs a ${type}`,
      })),
      ...step.after.flatMap((need, index) =>
        draft.steps.has(need)
          ? []
          : [{ path: ['steps', name, 'after', index], message: `there is no step '${need}'` }],
      ),
    ];
  });
};
