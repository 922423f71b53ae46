import { combinations, endpointNamePattern, graphLimits, type GraphNode } from '@millrace/contracts';
import type { Path, Problem } from '../definition/problem.js';
import { readCondition } from './read-condition.js';

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Say = (at: Path, message: string) => void;

/** What each kind of node may say beside the field that makes it one. */
const kinds: Record<string, { also: string[]; read: (node: Record<string, unknown>, say: Say) => void }> = {
  model: {
    also: [],
    read: ({ model }, say) => {
      if (typeof model !== 'string' || !/^[a-z][a-z0-9-]{0,62}(@[A-Za-z0-9._-]{1,64})?$/.test(model))
        say(['model'], "must be a model of the registry: 'name', 'name@3' or 'name@alias'");
    },
  },
  endpoint: {
    also: [],
    read: ({ endpoint }, say) => {
      if (typeof endpoint !== 'string' || !endpointNamePattern.test(endpoint))
        say(['endpoint'], 'must be the name of an endpoint');
    },
  },
  chain: { also: ['outputs'], read: (node, say) => readChain(node, say) },
  ensemble: { also: ['combine', 'weights'], read: (node, say) => readEnsemble(node, say) },
  route: { also: ['default'], read: (node, say) => readRoute(node, say) },
};

/** @returns undefined where it has mistakes */
export const readNode = (node: unknown, path: Path, problems: Problem[]): GraphNode | undefined => {
  const before = problems.length;
  const say: Say = (at, message) => void problems.push({ path: [...path, ...at], message });
  const names = Object.keys(kinds);
  const found = isObject(node) ? names.filter((name) => Object.hasOwn(node, name)) : [];
  if (!isObject(node) || found.length !== 1) {
    say([], `must have exactly one of ${names.join(', ')}`);
    return undefined;
  }
  const kind = kinds[found[0]!]!;
  for (const key of Object.keys(node))
    if (key !== found[0] && !kind.also.includes(key))
      say([key], `means nothing to a node of the kind '${found[0]}'`);
  kind.read(node, say);
  return problems.length === before ? (node as unknown as GraphNode) : undefined;
};

const readParts = (value: unknown, field: string, say: Say): unknown[] => {
  if (Array.isArray(value) && value.length >= 1 && value.length <= graphLimits.parts)
    return value as unknown[];
  say([field], `must be a list of 1 to ${graphLimits.parts}`);
  return [];
};

const readNames = (value: unknown, at: Path, say: Say): void => {
  if (value === undefined) return;
  if (!isObject(value)) return say(at, 'must be names with where each comes from');
  for (const [name, from] of Object.entries(value)) {
    if (name === '' || name === '__proto__' || name.length > 128) say([...at, name], 'cannot be a name');
    if (typeof from !== 'string' || from === '')
      say([...at, name], "must say where it comes from: 'output', 'inputs.name' or 'node.output'");
  }
};

const readChain = ({ chain, outputs }: Record<string, unknown>, say: Say): void => {
  for (const [i, step] of readParts(chain, 'chain', say).entries()) {
    if (typeof step === 'string') continue;
    if (!isObject(step) || typeof step['node'] !== 'string') {
      say(['chain', i], "must be the name of a node, or 'node' with 'inputs'");
      continue;
    }
    for (const key of Object.keys(step))
      if (key !== 'node' && key !== 'inputs') say(['chain', i, key], 'is not known: a step has node, inputs');
    readNames(step['inputs'], ['chain', i, 'inputs'], say);
  }
  readNames(outputs, ['outputs'], say);
};

const readEnsemble = ({ ensemble, combine, weights }: Record<string, unknown>, say: Say): void => {
  const members = readParts(ensemble, 'ensemble', say);
  members.forEach((member, i) => {
    if (typeof member !== 'string') say(['ensemble', i], 'must be the name of a node');
    else if (members.indexOf(member) < i) say(['ensemble', i], `'${member}' is there already`);
  });
  if (!combinations.includes(combine as (typeof combinations)[number]))
    say(['combine'], `must be one of ${combinations.join(', ')}`);
  if (weights === undefined) return;
  if (combine === 'each') say(['weights'], "mean nothing where outputs are given 'each' for itself");
  if (!isObject(weights)) return say(['weights'], 'must be numbers by node');
  for (const [member, weight] of Object.entries(weights)) {
    if (!members.includes(member)) say(['weights', member], 'is no node of this ensemble');
    if (typeof weight !== 'number' || !(weight > 0 && weight <= 1e6))
      say(['weights', member], 'must be a number above 0, at most 1000000');
  }
};

const readRoute = ({ route, default: otherwise }: Record<string, unknown>, say: Say): void => {
  if (typeof otherwise !== 'string') say(['default'], 'must be the node for what no condition holds of');
  for (const [i, one] of readParts(route, 'route', say).entries()) {
    if (!isObject(one) || typeof one['node'] !== 'string' || typeof one['when'] !== 'string') {
      say(['route', i], "must have 'when', a condition, and 'node'");
      continue;
    }
    for (const key of Object.keys(one))
      if (key !== 'when' && key !== 'node') say(['route', i, key], 'is not known: a case has when, node');
    readCondition(one['when'], (message) => say(['route', i, 'when'], message));
  }
};
