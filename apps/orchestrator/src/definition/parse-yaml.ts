import { LineCounter, isMap, isNode, parseDocument, type Document, type ParsedNode } from 'yaml';
import type { Path, Problem } from './problem.js';

export interface Source {
  value: unknown;
  problems: Problem[];
  /** The line of what stands at a path, or of the nearest thing around it. */
  lineOf: (path: Path) => number | undefined;
}

/** Reads YAML without trust: aliases bounded, no custom types, duplicate keys refused. */
export const parseYaml = (text: string): Source => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, schema: 'core', version: '1.2' });
    const problems = document.errors.map(({ message, pos: [start] }) => ({
      path: [],
      message: message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message,
      line: lines.linePos(start).line,
    }));
    const lineOf = (path: Path) => lineAt(document, lines, path);
    return { value: document.toJS({ maxAliasCount: 100 }), problems, lineOf };
  } catch (error) {
    // Aliases beyond the limit, and nesting deeper than the parser's stack.
    const message = error instanceof RangeError ? 'nested too deeply' : String((error as Error).message);
    return { value: undefined, problems: [{ path: [], message }], lineOf: () => undefined };
  }
};

const lineAt = (document: Document.Parsed, lines: LineCounter, path: Path): number | undefined => {
  let node: unknown = document.contents;
  let start = (node as ParsedNode | null)?.range[0];
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(key)) : undefined;
    const child: unknown = pair
      ? pair.value
      : isNode(node) && 'get' in node
        ? node.get(key, true)
        : undefined;
    const at = (pair?.key ?? child) as ParsedNode | undefined;
    if (!at?.range) break;
    start = at.range[0];
    node = child;
  }
  return start === undefined ? undefined : lines.linePos(start).line;
};
