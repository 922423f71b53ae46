import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { temporaryDirectory } from '@millrace/testing';
import { openData, type DataEngine, type DataOptions } from './open-data.js';

/** Of this lib's tests: an engine and a directory for one test. */
export const workbench = async (options?: DataOptions) => {
  const directory = await temporaryDirectory();
  const data: DataEngine = await openData({ tempDirectory: directory.path, ...options });
  return {
    data,
    path: (name: string) => join(directory.path, name),
    file: async (name: string, content: string | Uint8Array) => {
      await writeFile(join(directory.path, name), content);
      return join(directory.path, name);
    },
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
};

/** Real data: a file of the npm package vega-datasets. */
export const vega = (name: string): string =>
  (createRequire(import.meta.url).resolve.paths('vega-datasets') ?? [])
    .map((directory) => join(directory, 'vega-datasets/data', name))
    .find((path) => existsSync(path)) ?? name;

/** The error of a promise that must fail, as its body. */
export const failure = async (promise: Promise<unknown>) => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error as { code: string; message: string; details?: { [key: string]: unknown } },
  );
  if (thrown === undefined) throw new Error('expected a failure');
  return thrown;
};
