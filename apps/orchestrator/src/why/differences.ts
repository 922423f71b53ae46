import { canonicalJson } from '@millrace/artifacts';
import { isArtifactRef, type CacheDifference, type JsonValue, type PortValue } from '@millrace/contracts';
import { contentOf } from '../runs/content-of.js';

/** All that a result depends on. */
export interface Basis {
  version: string;
  params: { readonly [name: string]: PortValue };
  inputs: { readonly [port: string]: PortValue };
}

const maxLength = 200;

const textOf = (value: PortValue | undefined): string | undefined => {
  if (value === undefined) return undefined;
  if (isArtifactRef(value)) return `${value.type} ${value.digest}`;
  // As in the cache's key, artifacts are their content.
  return Object.values(contentOf(value) as object)
    .map((content) => canonicalJson(content as JsonValue))
    .join();
};

const short = (text: string): string => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);

const compare = (
  what: string,
  now: PortValue | undefined,
  before: PortValue | undefined,
): CacheDifference[] => {
  const [a, b] = [textOf(now), textOf(before)];
  if (a === b) return [];
  return [
    { what, ...(a === undefined ? {} : { now: short(a) }), ...(b === undefined ? {} : { before: short(b) }) },
  ];
};

const compareAll = (
  what: 'params' | 'inputs',
  now: Basis['params'],
  before: Basis['params'],
): CacheDifference[] =>
  [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .sort()
    .flatMap((name) => compare(`${what}.${name}`, now[name], before[name]));

/** What of the basis of one result is another way than in that of an earlier one. */
export const differences = (now: Basis, before: Basis): CacheDifference[] => [
  ...compare('version', now.version, before.version),
  ...compareAll('params', now.params, before.params),
  ...compareAll('inputs', now.inputs, before.inputs),
];
