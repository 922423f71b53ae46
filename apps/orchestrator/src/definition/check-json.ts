import type { Path, Problem } from '@millrace/pipeline/definition';

export const maxDepth = 64;

/**
 * What YAML can say and JSON cannot (infinite and undefined numbers), and nesting that other walks, ours and those of
 * whoever reads it later, would not come back from.
 */
export const checkJson = (value: unknown, path: Path = []): Problem[] => {
  if (typeof value === 'number' && !Number.isFinite(value))
    return [{ path, message: `${value} is no JSON number` }];
  if (typeof value !== 'object' || value === null) return [];
  if (path.length >= maxDepth)
    return [{ path: path.slice(0, 4), message: `is nested deeper than ${maxDepth} levels` }];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => checkJson(item, [...path, key]));
};
