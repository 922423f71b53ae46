import type { ColumnType } from '@millrace/contracts';
import type { FittedPreprocessing } from '@millrace/ml';

/** Declared types of the raw columns, where they say more than the fitted preprocessing: integers. */
export type ColumnTypes = readonly { name: string; type: ColumnType }[];

export const columnsKey = 'millrace.columns';

/** Metadata that tells a graph's reader each input's column type. */
export const columnMetadata = (
  fitted: FittedPreprocessing,
  declared: ColumnTypes = [],
): Record<string, string> => {
  const types = new Map(declared.map(({ name, type }) => [name, type]));
  return {
    [columnsKey]: JSON.stringify(
      Object.fromEntries(fitted.columns.map(({ name, kind }) => [name, types.get(name) ?? kind])),
    ),
  };
};
