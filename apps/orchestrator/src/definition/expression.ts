import type { JsonValue } from '@millrace/contracts';
import { CelError } from '@millrace/pipeline/cel';
import type { Cel } from '@millrace/pipeline/cel';
import { compileCel } from '@millrace/pipeline/cel';
import type { Path } from '@millrace/pipeline/definition';

/** What stands between `${{` and `}}`. Parameters and outputs by name are told apart from all other CEL. */
export type Reference =
  | { kind: 'param'; name: string }
  | { kind: 'output'; step: string; port: string }
  | { kind: 'secret'; name: string }
  | { kind: 'cel'; text: string; cel: Cel }
  | { kind: 'malformed'; text: string; message: string };

/** A string cut into its literal and referring parts. */
export type Template = (string | Reference)[];

const open = '${{';
const close = '}}';
const param = /^params\.([A-Za-z][A-Za-z0-9_-]*)$/;
const output = /^steps\.([a-z][a-z0-9-]*)\.outputs\.([A-Za-z][A-Za-z0-9_-]*)$/;
const secret = /^secrets\.([A-Za-z][A-Za-z0-9_-]{0,62})$/;

/** What is wrong with a CEL expression, and where. */
export const celMessage = (text: string, error: unknown): string => {
  if (!(error instanceof CelError)) throw error;
  const shown = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  return `'${shown}' is no CEL: ${error.message}${error.at === undefined ? '' : ` (at character ${error.at + 1})`}`;
};

const parseCel = (text: string): Reference => {
  try {
    const cel = compileCel(text);
    return cel.names.some(([root]) => root === 'secrets')
      ? { kind: 'malformed', text, message: 'a secret stands alone, as ${{ secrets.<name> }}' }
      : { kind: 'cel', text, cel };
  } catch (error) {
    return { kind: 'malformed', text, message: celMessage(text, error) };
  }
};

const parseReference = (text: string): Reference => {
  const [, name] = param.exec(text) ?? [];
  if (name !== undefined) return { kind: 'param', name };
  const [, step, port] = output.exec(text) ?? [];
  if (step !== undefined && port !== undefined) return { kind: 'output', step, port };
  const [, hidden] = secret.exec(text) ?? [];
  return hidden === undefined ? parseCel(text) : { kind: 'secret', name: hidden };
};

/** Linear in the length of the text, whatever it is. */
export const parseTemplate = (text: string): Template => {
  const parts: Template = [];
  let position = 0;
  for (;;) {
    const start = text.indexOf(open, position);
    if (start < 0) break;
    const end = text.indexOf(close, start + open.length);
    if (start > position) parts.push(text.slice(position, start));
    if (end < 0) {
      const rest = text.slice(start + open.length, start + open.length + 60).trim();
      return [...parts, { kind: 'malformed', text: rest, message: `'${open} ${rest}' has no ${close}` }];
    }
    parts.push(parseReference(text.slice(start + open.length, end).trim()));
    position = end + close.length;
  }
  if (position < text.length || parts.length === 0) parts.push(text.slice(position));
  return parts;
};

export interface FoundReference {
  path: Path;
  reference: Reference;
  /** Nothing stands beside it in its text. */
  whole: boolean;
}

/** The steps that an expression reads, as far as it names them. */
export const stepsOf = ({ names }: Cel): string[] =>
  names.flatMap(([root, step]) => (root === 'steps' && step !== undefined ? [step] : []));

/** Every reference inside a value, depth first. */
export const referencesIn = (value: unknown, path: Path = []): FoundReference[] => {
  if (typeof value === 'string')
    return value.includes(open)
      ? parseTemplate(value).flatMap((part, _, { length }) =>
          typeof part === 'string' ? [] : [{ path, reference: part, whole: length === 1 }],
        )
      : [];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => referencesIn(item, [...path, key]));
};

export type Lookup = (reference: Reference) => JsonValue;

const inText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const resolveText = (text: string, lookup: Lookup): JsonValue => {
  const parts = parseTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') return lookup(only);
  return parts.map((part) => (typeof part === 'string' ? part : inText(lookup(part)))).join('');
};

/** Replaces every reference. One that is the whole string keeps its type; one within a text becomes text. */
export const resolve = (value: JsonValue, lookup: Lookup): JsonValue => {
  if (typeof value === 'string') return value.includes(open) ? resolveText(value, lookup) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookup));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, lookup)]));
};
