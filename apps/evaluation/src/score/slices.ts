import type { DatasetManifest } from '@millrace/contracts';

/** Rows of one file. */
export interface Slice {
  path: string;
  from: number;
  rows: number;
}

/** A dataset in parts of at most `most` rows, in its order. @param paths of its files */
export const slicesOf = ({ files }: DatasetManifest, paths: readonly string[], most: number): Slice[] =>
  files.flatMap(({ rows }, i) =>
    Array.from({ length: Math.ceil(rows / most) }, (_, part) => ({
      path: paths[i]!,
      from: part * most,
      rows: Math.min(most, rows - part * most),
    })),
  );
