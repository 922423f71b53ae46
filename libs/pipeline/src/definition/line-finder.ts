import {
  isMap,
  isNode,
  type Document,
  type LineCounter,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { Path } from './problem.js';

/** Each map is read once, however many paths lead through it: a pipeline of thousands of steps may be wrong in each. */
const pairFinder = (): ((map: YAMLMap, key: string) => Pair | undefined) => {
  const known = new WeakMap<YAMLMap, Map<string, Pair>>();
  const indexOf = (map: YAMLMap): Map<string, Pair> => {
    const index = new Map<string, Pair>();
    for (const pair of map.items) {
      const key = String(pair.key);
      if (!index.has(key)) index.set(key, pair);
    }
    known.set(map, index);
    return index;
  };
  return (map, key) => (known.get(map) ?? indexOf(map)).get(key);
};

/** The line of what stands at a path, or of the nearest thing around it. */
export const lineFinder = (
  document: Document.Parsed,
  lines: LineCounter,
): ((path: Path) => number | undefined) => {
  const pairIn = pairFinder();
  return (path) => {
    let node: unknown = document.contents;
    let start = (node as ParsedNode | null)?.range[0];
    for (const key of path) {
      const pair = isMap(node) ? pairIn(node, String(key)) : undefined;
      const child: unknown = pair
        ? pair.value
        : !isMap(node) && isNode(node) && 'get' in node
          ? node.get(key, true)
          : undefined;
      const at = (pair?.key ?? child) as ParsedNode | undefined;
      if (!at?.range) break;
      start = at.range[0];
      node = child;
    }
    return start === undefined ? undefined : lines.linePos(start).line;
  };
};
