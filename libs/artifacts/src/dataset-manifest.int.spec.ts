import { writeFile } from 'node:fs/promises';
import { temporaryDirectory } from '@millrace/testing';
import type { ColumnSchema } from '@millrace/contracts';
import { readDataset, writeDataset } from './dataset-manifest.js';
import { openArtifactStore } from './open-artifact-store.js';

const columns: ColumnSchema[] = [{ name: 'a', type: 'integer' }];

describe('datasets', () => {
  it('come back as files and manifest; equal content has one reference', async () => {
    await using directory = await temporaryDirectory();
    const store = openArtifactStore(directory.path);
    const write = async () => {
      await using file = await store.temporary('.parquet');
      await writeFile(file.path, 'parquet');
      return await writeDataset(store, [{ path: file.path, rows: 3 }], { columns, lineage: { source: 'x' } });
    };
    const ref = await write();
    expect(ref).toMatchObject({ type: 'dataset', mediaType: 'application/vnd.millrace.dataset+json' });
    expect(await write()).toEqual(ref);
    const { manifest, paths } = await readDataset(store, ref);
    expect(manifest).toMatchObject({ kind: 'dataset', rows: 3, columns, lineage: { source: 'x' } });
    expect(paths).toEqual([await store.path(manifest.files[0]!.artifact)]);
  });

  it('are not models, and not any JSON', async () => {
    await using directory = await temporaryDirectory();
    const store = openArtifactStore(directory.path);
    const model = await store.putJson({ kind: 'model' }, { type: 'model' });
    await expect(readDataset(store, model)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(readDataset(store, { ...model, type: 'dataset' })).rejects.toMatchObject({
      code: 'integrity',
    });
  });
});
