import { graphLimits, type GraphNode, type InferenceGraph } from '@millrace/contracts';
import type { Path, Problem } from '../definition/problem.js';

interface Reference {
  node: string;
  at: Path;
}

/** The nodes that a node uses. */
export const referencesOf = (node: GraphNode): Reference[] => {
  if ('chain' in node)
    return node.chain.map((step, i) =>
      typeof step === 'string'
        ? { node: step, at: ['chain', i] }
        : { node: step.node, at: ['chain', i, 'node'] },
    );
  if ('ensemble' in node) return node.ensemble.map((member, i) => ({ node: member, at: ['ensemble', i] }));
  if ('route' in node)
    return [
      ...node.route.map(({ node: target }, i) => ({ node: target, at: ['route', i, 'node'] })),
      { node: node.default, at: ['default'] },
    ];
  return [];
};

/** Every node that is named exists and is used, none uses itself, and one request costs no more than it may. @returns the root */
export const checkReferences = (graph: InferenceGraph, problems: Problem[]): string | undefined => {
  const { nodes } = graph;
  const used = new Set<string>();
  for (const [name, node] of Object.entries(nodes))
    for (const { node: target, at } of referencesOf(node)) {
      used.add(target);
      if (!Object.hasOwn(nodes, target))
        problems.push({ path: ['nodes', name, ...at], message: `there is no node '${target.slice(0, 64)}'` });
    }
  if (problems.length > 0) return undefined;
  const cycle = findCycle(nodes);
  if (cycle) {
    const message = `uses itself: ${cycle.join(' → ')}`;
    problems.push({ path: ['nodes', cycle[0]!], message });
    return undefined;
  }
  const root = rootOf(graph, used, problems);
  if (root !== undefined) checkCost(nodes, root, problems);
  return root;
};

const rootOf = (
  { nodes, root }: InferenceGraph,
  used: Set<string>,
  problems: Problem[],
): string | undefined => {
  const free = Object.keys(nodes).filter((name) => !used.has(name));
  if (root === undefined && free.length !== 1)
    problems.push({ path: ['root'], message: `must say which node answers: ${free.join(', ')}` });
  else if (root !== undefined && !Object.hasOwn(nodes, root))
    problems.push({ path: ['root'], message: `there is no node '${root.slice(0, 64)}'` });
  else {
    const answers = root ?? free[0]!;
    for (const name of free)
      if (name !== answers) problems.push({ path: ['nodes', name], message: 'is used by no other node' });
    return answers;
  }
  return undefined;
};

const findCycle = (nodes: InferenceGraph['nodes']): string[] | undefined => {
  const done = new Set<string>();
  const visit = (name: string, above: string[]): string[] | undefined => {
    if (above.includes(name)) return [...above.slice(above.indexOf(name)), name];
    if (done.has(name)) return undefined;
    done.add(name);
    for (const { node } of referencesOf(nodes[name]!)) {
      const found = visit(node, [...above, name]);
      if (found) return found;
    }
    return undefined;
  };
  for (const name of Object.keys(nodes)) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
};

/** Nodes may be used by several, so that a small graph could be a large computation. */
const checkCost = (nodes: InferenceGraph['nodes'], root: string, problems: Problem[]): void => {
  const known = new Map<string, { depth: number; runs: number }>();
  const costOf = (name: string): { depth: number; runs: number } => {
    const before = known.get(name);
    if (before) return before;
    const node = nodes[name]!;
    const parts = referencesOf(node).map(({ node: part }) => costOf(part));
    const runs = parts.map((part) => part.runs);
    const cost = {
      depth: 1 + Math.max(0, ...parts.map(({ depth }) => depth)),
      runs: parts.length === 0 ? 1 : 'route' in node ? Math.max(...runs) : runs.reduce((a, b) => a + b),
    };
    known.set(name, cost);
    return cost;
  };
  const { depth, runs } = costOf(root);
  const path = ['nodes', root];
  if (depth > graphLimits.depth)
    problems.push({ path, message: `has nodes ${depth} deep, more than the limit of ${graphLimits.depth}` });
  if (runs > graphLimits.runs)
    problems.push({
      path,
      message: `runs ${runs} models for a request, more than the limit of ${graphLimits.runs}`,
    });
};
