import type { GraphRoute, TensorSpec } from '@millrace/contracts';
import { compileCel } from '../cel/compile-cel.js';
import type { Find, Say } from './compile-graph.js';
import type { CompiledNode, CompiledRoute } from './compiled.js';
import { findPort, listPorts, mismatch, widen } from './match-ports.js';
import { mergeInputs, sameClasses } from './merge-inputs.js';
import { inputsRead } from './read-condition.js';

export const compileRoute = (
  name: string,
  { route, default: fallback }: GraphRoute,
  find: Find,
  say: Say,
): CompiledRoute | undefined => {
  const otherwise = find(fallback);
  const targets = route.map(({ node }) => find(node));
  if (!otherwise || !targets.every((node) => node !== undefined)) return undefined;
  const nodes = [otherwise, ...targets];
  const sayOf = (i: number, message: string): void =>
    say(i === 0 ? ['default'] : ['route', i - 1, 'node'], message);
  const inputs = mergeInputs(nodes, sayOf);
  sameClasses(nodes, sayOf);
  const cases = route.map(({ when }, i) => ({ when: compileCel(when), node: targets[i]! }));
  cases.forEach(({ when }, i) => {
    for (const input of inputsRead(when)) {
      const problem = unreadable(findPort(inputs, input), input, inputs);
      if (problem) say(['route', i, 'when'], problem);
    }
  });
  const { task, classes } = otherwise.ports;
  return {
    kind: 'route',
    name,
    cases,
    otherwise,
    reads: [...new Set(cases.flatMap(({ when }) => inputsRead(when)))],
    ports: {
      task,
      ...(classes ? { classes } : {}),
      signature: { inputs, outputs: sameOutputs(nodes, sayOf) },
    },
  };
};

/** One value for each row. */
const unreadable = (
  spec: TensorSpec | undefined,
  name: string,
  inputs: readonly TensorSpec[],
): string | undefined => {
  if (!spec) return `there is no input '${name.slice(0, 128)}': there are ${listPorts(inputs)}`;
  const { shape } = spec;
  if (shape.slice(1).every((size) => size === 1) && (shape[0] === undefined || Math.abs(shape[0]) === 1))
    return undefined;
  return `input '${name}' is of the shape [${shape.join()}]: conditions read what has one value for each row`;
};

/** Whichever node answers, a caller gets the same. */
const sameOutputs = (
  nodes: readonly CompiledNode[],
  say: (node: number, message: string) => void,
): TensorSpec[] => {
  const [first, ...rest] = nodes;
  const wanted = first!.ports.signature.outputs;
  rest.forEach((node, i) => {
    for (const spec of node.ports.signature.outputs)
      if (!findPort(wanted, spec.name))
        say(
          i + 1,
          `output '${spec.name}' of '${node.name}' is none of '${first!.name}', which gives ${listPorts(wanted)}`,
        );
  });
  return wanted.map((spec) =>
    rest.reduce((merged, node, i) => {
      const other = findPort(node.ports.signature.outputs, spec.name);
      const problem = other ? mismatch(other, merged) : 'is missing';
      if (problem) say(i + 1, `output '${spec.name}' of '${node.name}': ${problem}`);
      return other && !problem ? widen(merged, other) : merged;
    }, spec),
  );
};
