import type { JsonValue } from '@millrace/contracts';
import type { Path } from './problem.js';

/** What stands between `${{` and `}}`. */
export type Reference =
  | { kind: 'param'; name: string }
  | { kind: 'output'; step: string; port: string }
  | { kind: 'malformed'; text: string };

/** A string cut into its literal and referring parts. */
export type Template = (string | Reference)[];

const open = '${{';
const close = '}}';
const param = /^params\.([A-Za-z][A-Za-z0-9_-]*)$/;
const output = /^steps\.([a-z][a-z0-9-]*)\.outputs\.([A-Za-z][A-Za-z0-9]*)$/;

const parseReference = (text: string): Reference => {
  const [, name] = param.exec(text) ?? [];
  if (name !== undefined) return { kind: 'param', name };
  const [, step, port] = output.exec(text) ?? [];
  return step !== undefined && port !== undefined
    ? { kind: 'output', step, port }
    : { kind: 'malformed', text };
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
    if (end < 0) return [...parts, { kind: 'malformed', text: text.slice(start + open.length).trim() }];
    parts.push(parseReference(text.slice(start + open.length, end).trim()));
    position = end + close.length;
  }
  if (position < text.length || parts.length === 0) parts.push(text.slice(position));
  return parts;
};

export interface FoundReference {
  path: Path;
  reference: Reference;
}

/** Every reference inside a value, depth first. */
export const referencesIn = (value: unknown, path: Path = []): FoundReference[] => {
  if (typeof value === 'string')
    return value.includes(open)
      ? parseTemplate(value).flatMap((part) => (typeof part === 'string' ? [] : [{ path, reference: part }]))
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
