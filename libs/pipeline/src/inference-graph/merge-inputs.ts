import type { TensorSpec } from '@millrace/contracts';
import type { CompiledNode } from './compiled.js';
import { mismatch, narrow } from './match-ports.js';

/** What several nodes take together: the same name is the same tensor for all of them. */
export const mergeInputs = (
  nodes: readonly CompiledNode[],
  say: (node: number, message: string) => void,
): TensorSpec[] => {
  const merged = new Map<string, { spec: TensorSpec; of: string }>();
  nodes.forEach((node, i) => {
    for (const spec of node.ports.signature.inputs) {
      const known = merged.get(spec.name);
      const problem = known && mismatch(known.spec, spec);
      if (problem) say(i, `input '${spec.name}' of '${node.name}' and of '${known.of}': ${problem}`);
      else
        merged.set(spec.name, { spec: known ? narrow(known.spec, spec) : spec, of: known?.of ?? node.name });
    }
  });
  return [...merged.values()].map(({ spec }) => spec);
};

/** Class indices mean the same for all. */
export const sameClasses = (
  nodes: readonly CompiledNode[],
  say: (node: number, message: string) => void,
): void => {
  const [first, ...rest] = nodes;
  rest.forEach((node, i) => {
    if (JSON.stringify(node.ports.classes) !== JSON.stringify(first!.ports.classes))
      say(i + 1, `the classes of '${node.name}' are not those of '${first!.name}', or in another order`);
  });
};
