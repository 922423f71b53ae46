import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { InvalidRequest } from '@millrace/contracts';
import { resolveFile } from './file-source.js';
import { SourceForbidden, SourceNotFound } from './source.errors.js';

const prefix = 'npm:';
const pattern = /^npm:((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)\/(.+)$/i;

export const isPackageSource = (source: string): boolean => source.startsWith(prefix);

/** Not by `require.resolve`: packages may export nothing but code. */
const directoryOf = async (name: string, from: string): Promise<string | undefined> => {
  for (const modules of createRequire(join(resolve(from), 'package.json')).resolve.paths(name) ?? []) {
    const found = await realpath(join(modules, name)).catch(() => undefined);
    if (found) return found;
  }
  return undefined;
};

/**
 * `npm:vega-datasets/data/flights-3m.parquet`: a file of a package that is installed where `from` would find it.
 * @throws SourceForbidden when the package is not an allowed one, or the path leads out of it; SourceNotFound
 */
export const resolvePackageFile = async (
  source: string,
  { from, allowed }: { from: string; allowed: readonly string[] },
): Promise<string> => {
  const [, name, file] = pattern.exec(source) ?? [];
  if (!name || !file)
    throw new InvalidRequest([{ field: 'params.source', message: 'must be npm:<package>/<path of a file>' }]);
  if (!allowed.includes(name))
    throw new SourceForbidden(source, `is in a package that SOURCE_PACKAGES does not name`);
  const directory = await directoryOf(name, from);
  if (!directory) throw new SourceNotFound(source);
  return resolveFile(file, [directory]).catch((error: unknown) => {
    if (error instanceof SourceForbidden) throw new SourceForbidden(source, 'leads out of its package');
    throw error instanceof SourceNotFound ? new SourceNotFound(source, { cause: error }) : error;
  });
};
