import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inside } from './inside.js';
import { SourceForbidden, SourceNotFound } from './source.errors.js';

const missing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
};

/**
 * The real path of a file below one of the roots, in their order.
 * @throws SourceForbidden when it lies elsewhere, also by a symbolic link; SourceNotFound
 */
export const resolveFile = async (source: string, roots: readonly string[]): Promise<string> => {
  const named = roots
    .map((root) => ({ root: resolve(root), path: resolve(root, source) }))
    .filter(({ root, path }) => inside(root, path));
  if (named.length === 0) throw new SourceForbidden(source, 'is not below one of SOURCE_ROOTS');
  for (const { root, path } of named) {
    const real = await realpath(path).catch(missing);
    if (real === undefined) continue;
    if (!inside(await realpath(root), real)) throw new SourceForbidden(source, 'leads out of SOURCE_ROOTS');
    return real;
  }
  throw new SourceNotFound(source, { below: `SOURCE_ROOTS (${roots.join(', ')})` });
};
