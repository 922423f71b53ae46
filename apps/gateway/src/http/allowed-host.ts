import { isIP } from 'node:net';

const nameOf = (host: string): string => {
  const name = /^\[([^\]]+)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
};

const matches = (name: string, pattern: string): boolean =>
  pattern === '*' || name === pattern || (pattern.startsWith('.') && name.endsWith(pattern));

/** `a.example, .b.example` → the patterns that `isAllowedHost` takes. */
export const hostPatterns = (list: string): string[] =>
  list
    .split(',')
    .map((pattern) => pattern.trim().toLowerCase())
    .filter((pattern) => pattern !== '');

/**
 * Whether a Host header may be served. A web page can point a public name of its own at a loopback address and then
 * speak to it as to its own origin (DNS rebinding); it cannot do so with an address, a name without a dot, or `*.localhost`.
 */
export const isAllowedHost = (host: string | undefined, patterns: readonly string[]): boolean => {
  if (host === undefined || host === '') return false;
  const name = nameOf(host);
  return (
    isIP(name) !== 0 ||
    !name.includes('.') ||
    name.endsWith('.localhost') ||
    patterns.some((pattern) => matches(name, pattern))
  );
};
