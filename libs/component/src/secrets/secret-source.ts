import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@millrace/contracts';

/** Where a worker finds what pipelines only name. */
export interface SecretSource {
  /** `undefined` where it has none of that name. */
  get(name: string): Promise<string | undefined>;
}

/** A name is part of a path and of a variable's name: letters, digits, `_` and `-`, no more than 63. */
export const secretName = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

const maxBytes = 64 * 1024;

/** `warehouse-password` → `SECRET_WAREHOUSE_PASSWORD` */
export const variableOf = (name: string): string => `SECRET_${name.replaceAll('-', '_').toUpperCase()}`;

const readSecret = async (path: string, name: string): Promise<string | undefined> => {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DomainError('unavailable', `secret '${name}' could not be read`, { cause });
  }
  if (bytes.length > maxBytes)
    throw new DomainError('payload_too_large', `secret '${name}' has more than ${maxBytes} bytes`);
  // Editors and `echo` end a file with a newline that is no part of the secret.
  return bytes.toString('utf8').replace(/\r?\n$/, '');
};

/**
 * Secrets of files in a directory, each named like its secret (as Docker and Kubernetes mount them), else of variables
 * `SECRET_<NAME>`. Read anew each time, so that a changed one counts at once.
 */
export const secretsFrom = (o: {
  directory?: string;
  variables?: Readonly<Record<string, string | undefined>>;
}): SecretSource => ({
  get: async (name) => {
    if (!secretName.test(name)) return undefined;
    const inFile = o.directory ? await readSecret(join(o.directory, name), name) : undefined;
    return inFile ?? o.variables?.[variableOf(name)];
  },
});
