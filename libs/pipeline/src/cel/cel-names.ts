import type { ASTNode } from '@marcbachmann/cel-js';
import type { CelName } from './cel.js';

/** Their first argument is a name of their own, which stands for each item. */
const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** Values that CEL itself knows. */
const types = new Set([
  'bool',
  'bytes',
  'double',
  'duration',
  'dyn',
  'int',
  'list',
  'map',
  'null_type',
  'string',
  'timestamp',
  'type',
  'uint',
]);

export const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** The parts of a node that are expressions. */
export const partsOf = (args: unknown): ASTNode[] =>
  isNode(args) ? [args] : Array.isArray(args) ? args.flatMap(partsOf) : [];

/** `a.b["c"]` → `['a', 'b', 'c']`; undefined where it begins with something else than a name. */
const pathOf = (node: ASTNode): string[] | undefined => {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const before = pathOf(node.args[0]);
    return before && [...before, node.args[1]];
  }
  if (node.op === '[]' && node.args[1].op === 'value' && typeof node.args[1].args === 'string') {
    const before = pathOf(node.args[0]);
    return before && [...before, node.args[1].args];
  }
  return undefined;
};

/** Every name that comes from outside, as long as it is fixed. */
export const namesIn = (node: ASTNode, own: ReadonlySet<string> = new Set()): CelName[] => {
  const path = pathOf(node);
  if (path) return own.has(path[0] ?? '') || types.has(path[0] ?? '') ? [] : [path];
  if (node.op === 'rcall') {
    const [name, receiver, args] = node.args;
    const [item, ...body] = args;
    if (loops.has(name) && item?.op === 'id')
      return [
        ...namesIn(receiver, own),
        ...body.flatMap((part) => namesIn(part, new Set([...own, item.args]))),
      ];
  }
  return partsOf(node.args).flatMap((part) => namesIn(part, own));
};
