import type { ColumnSchema, JsonValue, TransformManifest } from '@millrace/contracts';
import {
  fitPreprocessing,
  learnLabel,
  type FittedPreprocessing,
  type PreprocessingSpec,
  type Table,
} from '@millrace/ml';
import type { FitParams } from './fit.params.js';
import { toDataError } from './to-data-error.js';

export interface FittedTransform {
  fitted: FittedPreprocessing;
  inputs: ColumnSchema[];
  label: TransformManifest['label'];
}

const hasValues = (column: Table['columns'][string] | undefined): boolean =>
  column?.kind === 'string'
    ? column.values.some((value) => value !== null && value !== '')
    : (column?.values.some((value) => Number.isFinite(value)) ?? false);

/** Columns of the training data without a single value: there is nothing to learn from them. */
export const emptyColumns = (spec: PreprocessingSpec, table: Table): string[] =>
  Object.keys(spec.columns).filter((name) => !hasValues(table.columns[name]));

export const without = ({ columns }: PreprocessingSpec, names: readonly string[]): PreprocessingSpec => ({
  columns: Object.fromEntries(Object.entries(columns).filter(([name]) => !names.includes(name))),
});

/**
 * Learns label and preprocessing from the training table alone.
 * @throws DomainError data_invalid (missing label, a single class, …) or invalid_request (steps that don't fit)
 */
export const fitTransform = (
  table: Table,
  columns: readonly ColumnSchema[],
  spec: PreprocessingSpec,
  { label: name, task }: FitParams,
): FittedTransform => {
  try {
    const label = learnLabel(name, table.columns[name]!, task);
    const fitted = fitPreprocessing(spec, table);
    const schema = (wanted: string) => columns.find((column) => column.name === wanted)!;
    return {
      fitted,
      inputs: fitted.columns.map((column) => ({ name: column.name, type: schema(column.name).type })),
      label: { name, type: schema(name).type, ...label },
    };
  } catch (error) {
    return toDataError(error);
  }
};

export const toManifest = (
  { fitted, inputs, label }: FittedTransform,
  lineage: TransformManifest['lineage'],
): TransformManifest => ({
  kind: 'transform',
  inputs,
  features: fitted.features,
  label,
  fitted: fitted as unknown as JsonValue,
  lineage,
});
