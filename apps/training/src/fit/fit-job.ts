import type { ModelManifest, TransformManifest } from '@millrace/contracts';
import type { FittedPreprocessing, Iteration } from '@millrace/ml';
import type { FitParams } from './fit.params.js';

/** All that a fit needs; plain data, so that it can go to another thread. */
export interface FitJob {
  /** Parquet files. */
  train: string[];
  /** Held-out rows, or null where there are none. */
  test: string[] | null;
  fitted: FittedPreprocessing;
  columns: TransformManifest['inputs'];
  label: TransformManifest['label'];
  params: FitParams;
  memoryLimitMb: number;
}

/** What comes out; plain data too. */
export interface FittedModel extends Required<
  Pick<ModelManifest, 'signature' | 'golden' | 'parity' | 'metrics' | 'baseline'>
> {
  onnx: Uint8Array;
  curve: Iteration[];
  converged: boolean;
  rows: { train: number; test: number };
}

export interface FitReport {
  fraction: number;
  message: string;
  metrics?: Record<string, number>;
}

export interface FitWatch {
  report: (report: FitReport) => void;
  /** Looked at between two steps of arithmetic, where no event can come in. */
  readonly cancelled: { readonly aborted: boolean };
  /** Ends what is waited for. */
  readonly signal: AbortSignal;
}
