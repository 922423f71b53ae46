import type { GraphEnsemble, TensorSpec } from '@millrace/contracts';
import type { Find, Say } from './compile-graph.js';
import type { CompiledEnsemble, CompiledNode } from './compiled.js';
import { findPort, listPorts, mismatch, widen } from './match-ports.js';
import { mergeInputs, sameClasses } from './merge-inputs.js';

export const compileEnsemble = (
  name: string,
  { ensemble, combine, weights = {} }: GraphEnsemble,
  find: Find,
  say: Say,
): CompiledEnsemble | undefined => {
  const nodes = ensemble.map(find);
  if (!nodes.every((node) => node !== undefined)) return undefined;
  const sayOf = (i: number, message: string): void => say(['ensemble', i], message);
  const inputs = mergeInputs(nodes, sayOf);
  if (combine !== 'each') sameClasses(nodes, sayOf);
  const combined = combine === 'each' ? prefixed(nodes) : common(nodes, combine === 'average', sayOf);
  const label = combine === 'average' ? labelOf(nodes, combined) : undefined;
  const outputs = label ? [label, ...combined] : combined;
  if (outputs.length === 0) {
    const what =
      combine === 'average' ? 'numbers with fractions to average' : 'classes, texts or integers to vote on';
    say(
      ['combine'],
      `'${nodes[0]!.name}' gives no ${what}: it gives ${listPorts(nodes[0]!.ports.signature.outputs)}`,
    );
  }
  const { task, classes } = nodes[0]!.ports;
  return {
    kind: 'ensemble',
    name,
    combine,
    members: nodes.map((node) => ({
      node,
      weight: Object.hasOwn(weights, node.name) ? weights[node.name]! : 1,
    })),
    ...(label ? { label: label.name } : {}),
    ports: {
      task,
      ...(classes && combine !== 'each' ? { classes } : {}),
      signature: { inputs, outputs },
    },
  };
};

const isFloat = ({ datatype }: TensorSpec): boolean => ['FP16', 'FP32', 'FP64'].includes(datatype);

const prefixed = (nodes: readonly CompiledNode[]): TensorSpec[] =>
  nodes.flatMap((node) =>
    node.ports.signature.outputs.map((spec) => ({ ...spec, name: `${node.name}.${spec.name}` })),
  );

/** What the first gives, of the kind that can be combined: the others must give it too. */
const common = (
  nodes: readonly CompiledNode[],
  floats: boolean,
  say: (node: number, message: string) => void,
): TensorSpec[] => {
  const [first, ...rest] = nodes;
  return first!.ports.signature.outputs
    .filter((spec) => isFloat(spec) === floats)
    .map((spec) =>
      rest.reduce((merged, node, i) => {
        const other = findPort(node.ports.signature.outputs, spec.name);
        const problem = other
          ? mismatch(other, merged)
          : `is missing; it gives ${listPorts(node.ports.signature.outputs)}`;
        if (problem) say(i + 1, `output '${spec.name}' of '${node.name}': ${problem}`);
        return other && !problem ? widen(merged, other) : merged;
      }, spec),
    );
};

/** Of classifiers: the class with the highest averaged probability is the label, not the average of labels. */
const labelOf = (nodes: readonly CompiledNode[], combined: readonly TensorSpec[]): TensorSpec | undefined => {
  const { signature, classes } = nodes[0]!.ports;
  const label = findPort(signature.outputs, 'label');
  const probabilities = findPort(combined, 'probabilities');
  const fits = probabilities?.shape.length === 2 && probabilities.shape[1] === classes?.length;
  return label?.datatype === 'INT64' && classes && classes.length > 1 && fits ? label : undefined;
};
