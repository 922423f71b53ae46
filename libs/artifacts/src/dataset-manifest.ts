import {
  DomainError,
  mediaTypes,
  type ArtifactRef,
  type ColumnSchema,
  type DatasetManifest,
} from '@millrace/contracts';
import type { ArtifactStore } from './artifact-store.js';

export interface Dataset {
  manifest: DatasetManifest;
  /** Verified local Parquet files, in the order of the manifest. Not to be written to. */
  paths: string[];
}

const describesDataset = (value: unknown): value is DatasetManifest => {
  const { kind, columns, files, rows } = (value ?? {}) as Partial<DatasetManifest>;
  return kind === 'dataset' && Array.isArray(columns) && Array.isArray(files) && Number.isInteger(rows);
};

/** @throws DomainError invalid_request when the reference is not to a dataset, integrity when its manifest is malformed */
export const readDataset = async (store: ArtifactStore, ref: ArtifactRef): Promise<Dataset> => {
  if (ref.type !== 'dataset')
    throw new DomainError('invalid_request', `expected a dataset, got a ${ref.type} (${ref.digest})`);
  const manifest = await store.getJson<unknown>(ref);
  if (!describesDataset(manifest))
    throw new DomainError('integrity', `the manifest of dataset ${ref.digest} is malformed`);
  const paths = await Promise.all(manifest.files.map(({ artifact }) => store.path(artifact)));
  return { manifest, paths };
};

/**
 * Stores Parquet files and the manifest that names them. Equal files, columns and lineage give an equal reference: keep
 * clocks and run ids out of the lineage.
 * @param files paths from `store.temporary()` are moved in
 */
export const writeDataset = async (
  store: ArtifactStore,
  files: readonly { path: string; rows: number }[],
  { columns, lineage }: { columns: ColumnSchema[]; lineage: DatasetManifest['lineage'] },
): Promise<ArtifactRef> => {
  const stored: DatasetManifest['files'] = [];
  for (const { path, rows } of files)
    stored.push({
      artifact: await store.putFile(path, { type: 'file', mediaType: mediaTypes.parquet }),
      rows,
    });
  const manifest: DatasetManifest = {
    kind: 'dataset',
    columns,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    files: stored,
    lineage,
  };
  return store.putJson(manifest, { type: 'dataset' });
};
