import { parseDocument, visit, LineCounter, type Document, type ParsedNode, type YAMLParseError } from 'yaml';
import { lineFinder } from './line-finder.js';
import type { Path, Problem } from './problem.js';

export interface Source {
  value: unknown;
  problems: Problem[];
  /** The line of what stands at a path, or of the nearest thing around it. */
  lineOf: (path: Path) => number | undefined;
}

/** With aliases in their places. What a definition says by hand is far less. */
const maxValues = 1_000_000;

/** How much a value is when everything in it is written out. Counted no further than the limit. */
const isTooMuch = (value: unknown): boolean => {
  const left = [value];
  for (let count = 0; left.length > 0; count++) {
    if (count > maxValues) return true;
    const next = left.pop();
    if (typeof next === 'object' && next !== null) for (const item of Object.values(next)) left.push(item);
  }
  return false;
};

const tooDeep = 'nested too deeply';

/** What the parser says, in words of definitions. */
const messageOf = ({ code, message }: YAMLParseError): string => {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document begins here: a definition is one';
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent: use spaces';
    default:
      if (message.includes('call stack')) return tooDeep;
      return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message;
  }
};

/** The parser's own search compares each key with every other: minutes for as many as fit into a request. */
const saidTwice = (document: Document.Parsed, lines: LineCounter): Problem[] => {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        const { range, source: name } = key as ParsedNode & { source?: string };
        if (name === undefined || name === '<<') continue;
        if (seen.has(name)) {
          const { line } = lines.linePos(range[0]);
          problems.push({ path: [], message: `'${name}' is said twice: each name may stand once`, line });
        }
        seen.add(name);
      }
    },
  });
  return problems;
};

/** Once the parser has lost its way, it finds mistakes that nobody made. */
const maxSyntaxProblems = 3;

/** Reads YAML without trust: aliases bounded, no custom types, duplicate keys refused. */
export const parseYaml = (text: string): Source => {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      schema: 'core',
      version: '1.2',
      merge: true,
      uniqueKeys: false,
    });
    const lineOf = lineFinder(document, lines);
    if (document.errors.length > 0) {
      const problems = document.errors.slice(0, maxSyntaxProblems).map((error) => ({
        path: [],
        message: messageOf(error),
        line: lines.linePos(error.pos[0]).line,
      }));
      return { value: undefined, problems, lineOf };
    }
    const problems = saidTwice(document, lines);
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (!isTooMuch(value)) return { value, problems, lineOf };
    const message = `says more than ${maxValues} values, with its aliases in their places`;
    return { value: undefined, problems: [{ path: [], message }], lineOf };
  } catch (error) {
    // Aliases beyond the limit, and nesting deeper than the parser's stack.
    const message = error instanceof RangeError ? tooDeep : String((error as Error).message);
    return { value: undefined, problems: [{ path: [], message }], lineOf: () => undefined };
  }
};
