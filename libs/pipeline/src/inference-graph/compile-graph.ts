import type { GraphNode, GraphPorts, InferenceGraph } from '@millrace/contracts';
import type { Path, Problem } from '../definition/problem.js';
import { compileChain } from './compile-chain.js';
import { compileEnsemble } from './compile-ensemble.js';
import { compileRoute } from './compile-route.js';
import type { CompiledNode } from './compiled.js';
import { InvalidGraph } from './invalid-graph.js';

export type Say = (at: Path, message: string) => void;
/** A node that this one uses; undefined where it has mistakes of its own. */
export type Find = (name: string) => CompiledNode | undefined;

/**
 * Puts the nodes of a graph together, by what its models and endpoints take and give.
 * @param leaves of every node that is a model or an endpoint
 * @throws InvalidGraph that names, of everything that does not fit, the node and the port
 */
export const compileGraph = (
  { nodes, root }: InferenceGraph & { root: string },
  leaves: ReadonlyMap<string, GraphPorts>,
  lineOf?: (path: Path) => number | undefined,
): CompiledNode => {
  const problems: Problem[] = [];
  const done = new Map<string, CompiledNode | undefined>();
  const find: Find = (name) => {
    if (!done.has(name)) {
      const say: Say = (at, message) =>
        void problems.push({ path: ['nodes', name, ...at], message: `node '${name}': ${message}` });
      const before = problems.length;
      const compiled = compileNode(name, nodes[name]!, leaves, find, say);
      done.set(name, problems.length === before ? compiled : undefined);
    }
    return done.get(name);
  };
  // Each, also after a mistake in one of them: all are to be known at once.
  for (const name of Object.keys(nodes)) find(name);
  const compiled = find(root);
  if (problems.length > 0 || !compiled) throw new InvalidGraph(problems, lineOf);
  return compiled;
};

const compileNode = (
  name: string,
  node: GraphNode,
  leaves: ReadonlyMap<string, GraphPorts>,
  find: Find,
  say: Say,
): CompiledNode | undefined => {
  if ('chain' in node) return compileChain(name, node, find, say);
  if ('ensemble' in node) return compileEnsemble(name, node, find, say);
  if ('route' in node) return compileRoute(name, node, find, say);
  const ports = leaves.get(name);
  return ports && { kind: 'leaf', name, ports };
};
