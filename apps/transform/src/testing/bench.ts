import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactStore, readDataset, writeDataset } from '@millrace/artifacts';
import type { ArtifactRef } from '@millrace/contracts';
import { openData } from '@millrace/data';
import { temporaryDirectory } from '@millrace/testing';

/** What the components need, and datasets from CSV texts. */
export const openBench = async () => {
  const directory = await temporaryDirectory();
  const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
  const data = await openData({ tempDirectory: directory.path, limits: { timeoutMs: 3_000 } });
  return {
    artifacts,
    data,
    async dataset(csv: string): Promise<ArtifactRef> {
      const path = join(directory.path, 'in.csv');
      await writeFile(path, csv);
      await using out = await artifacts.temporary('.parquet');
      const { columns, rows } = await data.importFile(path, { format: 'csv' }, out.path);
      return await writeDataset(artifacts, [{ path: out.path, rows }], { columns, lineage: {} });
    },
    async rows(dataset: unknown): Promise<Record<string, unknown>[]> {
      const { paths } = await readDataset(artifacts, dataset as ArtifactRef);
      return data.preview(paths, 1000);
    },
    async [Symbol.asyncDispose]() {
      await data[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
};

export type Bench = Awaited<ReturnType<typeof openBench>>;
