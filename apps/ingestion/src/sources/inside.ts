import { isAbsolute, relative, sep } from 'node:path';

/** Is `path` the directory itself or below it? Both absolute; says nothing about links: canonicalise first. */
export const inside = (directory: string, path: string): boolean => {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};
