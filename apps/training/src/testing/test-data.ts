import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDataset, writeDataset, type ArtifactStore } from '@millrace/artifacts';
import type { ArtifactRef, TransformManifest } from '@millrace/contracts';
import type { DataEngine } from '@millrace/data';
import {
  autoPreprocessing,
  fitPreprocessing,
  learnLabel,
  selectColumn,
  type LabelTask,
  type PreprocessingSpec,
} from '@millrace/ml';

/** Datasets and transforms as the services before training make them. */
export const testData = (artifacts: ArtifactStore, data: DataEngine, directory: string) => {
  const dataset = async (lines: string[]) => {
    const csv = join(directory, `${crypto.randomUUID()}.csv`);
    await writeFile(csv, `${lines.join('\n')}\n`);
    await using file = await artifacts.temporary('.parquet');
    const { columns, rows } = await data.importFile(csv, { format: 'csv' }, file.path);
    return await writeDataset(artifacts, [{ path: file.path, rows }], { columns, lineage: {} });
  };

  /** Fitted on `train`. */
  const transform = async (
    train: ArtifactRef,
    label: string,
    { task = 'auto', spec }: { task?: LabelTask | 'auto'; spec?: PreprocessingSpec } = {},
  ) => {
    const { manifest, paths } = await readDataset(artifacts, train);
    const table = await data.readTable(paths);
    const raw = manifest.columns.filter(({ name }) => name !== label);
    const fitted = fitPreprocessing(spec ?? autoPreprocessing(raw), table);
    const content: TransformManifest = {
      kind: 'transform',
      inputs: raw.filter(({ name }) => fitted.columns.some((column) => column.name === name)),
      features: fitted.features,
      label: {
        name: label,
        type: manifest.columns.find(({ name }) => name === label)!.type,
        ...learnLabel(label, selectColumn(table, label), task),
      },
      fitted: JSON.parse(JSON.stringify(fitted)) as TransformManifest['fitted'],
      lineage: { train: train.digest },
    };
    return artifacts.putJson(content, { type: 'transform' });
  };

  return { dataset, transform };
};

/** Flights that are late more often in the evening and from one airport; times from 1969 on, some values missing. */
export const flights = (rows: number, from = 0): string[] => {
  const lines = ['date,distance,origin,late'];
  for (let i = from; i < from + rows; i++) {
    const hour = (i * 7) % 24;
    const origin = ['ATL', 'JFK', 'SFO', ''][(i * 13) % 4]!;
    const distance = i % 17 === 0 ? '' : 100 + ((i * 7919) % 2000);
    const late = (hour > 16 ? 2 : 0) + (origin === 'JFK' ? 2 : 0) + ((i * 31) % 5) > 4;
    const date = new Date(Date.UTC(1969, 11, 20) + i * 86_400_000 + hour * 3_600_000)
      .toISOString()
      .replace('Z', '');
    lines.push(`${date},${distance},${origin},${late}`);
  }
  return lines;
};
