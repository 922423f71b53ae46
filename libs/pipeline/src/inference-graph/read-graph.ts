import { graphLimits, type InferenceGraph } from '@millrace/contracts';
import { parseYaml } from '../definition/parse-yaml.js';
import type { Path, Problem } from '../definition/problem.js';
import { checkReferences } from './check-references.js';
import { InvalidGraph } from './invalid-graph.js';
import { isObject, readNode } from './read-node.js';

/** A definition that is well-formed; whether its nodes fit each other shows once their signatures are known. */
export interface GraphDraft {
  definition: InferenceGraph & { root: string };
  /** The line of what stands at a path, where it came as text. */
  lineOf: (path: Path) => number | undefined;
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;
const nodePattern = /^[a-z][A-Za-z0-9_-]{0,62}$/;
const known = ['name', 'nodes', 'root'];

/**
 * Reads an inference graph: YAML (or JSON) as text, or an object.
 * @throws InvalidGraph with every mistake: unknown fields, nodes that do not exist, cycles, limits, conditions that are no CEL
 */
export const readGraph = (source: unknown): GraphDraft => {
  const { value, problems, lineOf } = sourceOf(source);
  if (problems.length > 0) throw new InvalidGraph(problems, lineOf);
  const found: Problem[] = [];
  const definition = readDefinition(value, found);
  if (!definition || found.length > 0) throw new InvalidGraph(found, lineOf);
  const root = checkReferences(definition, found);
  if (found.length > 0) throw new InvalidGraph(found, lineOf);
  return { definition: { ...definition, root: root! }, lineOf };
};

const sourceOf = (source: unknown): ReturnType<typeof parseYaml> => {
  const text = typeof source === 'string' ? source : JSON.stringify(source ?? null);
  if (text.length > graphLimits.text) {
    const message = `has ${text.length} characters, more than the limit of ${graphLimits.text}`;
    return { value: undefined, problems: [{ path: [], message }], lineOf: () => undefined };
  }
  if (typeof source === 'string') return parseYaml(source);
  return { value: JSON.parse(text), problems: [], lineOf: () => undefined };
};

const readDefinition = (value: unknown, problems: Problem[]): InferenceGraph | undefined => {
  if (!isObject(value)) {
    problems.push({ path: [], message: 'must be an object with name and nodes' });
    return undefined;
  }
  for (const key of Object.keys(value))
    if (!known.includes(key))
      problems.push({ path: [key], message: `is not known: a graph has ${known.join(', ')}` });
  const { name, nodes, root } = value;
  if (typeof name !== 'string' || !namePattern.test(name))
    problems.push({ path: ['name'], message: `must be a name: ${namePattern.source}` });
  if (root !== undefined && typeof root !== 'string')
    problems.push({ path: ['root'], message: 'must be the name of a node' });
  if (!isObject(nodes)) {
    problems.push({ path: ['nodes'], message: 'must be nodes by name' });
    return undefined;
  }
  const entries = Object.entries(nodes);
  if (entries.length === 0 || entries.length > graphLimits.nodes) {
    const message = `has ${entries.length} nodes; a graph has 1 to ${graphLimits.nodes}`;
    problems.push({ path: ['nodes'], message });
    return undefined;
  }
  const read = entries.flatMap(([node, declared]) => {
    const path = ['nodes', node];
    if (!nodePattern.test(node) || node === 'inputs')
      problems.push({ path, message: `must be a name other than 'inputs': ${nodePattern.source}` });
    const one = readNode(declared, path, problems);
    return one ? [[node, one] as const] : [];
  });
  return {
    name: name as string,
    nodes: Object.fromEntries(read),
    ...(root === undefined ? {} : { root: root as string }),
  };
};
