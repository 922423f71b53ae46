import type { ArtifactRef, JsonValue } from './artifact.js';

/** The column types that Millrace distinguishes. Timestamps are UTC. */
export const columnTypes = ['number', 'integer', 'boolean', 'string', 'timestamp'] as const;
export type ColumnType = (typeof columnTypes)[number];

export interface ColumnSchema {
  name: string;
  type: ColumnType;
  nullable?: boolean;
}

/** The content of a `dataset` artifact (`application/vnd.millrace.dataset+json`): Parquet files and what is in them. */
export interface DatasetManifest {
  kind: 'dataset';
  columns: ColumnSchema[];
  rows: number;
  files: { artifact: ArtifactRef; rows: number }[];
  /** Where it came from: a source description, or the inputs of the step that made it. */
  lineage: { [key: string]: JsonValue };
}

/** One input or output of a model. Every raw column is an input of shape [-1, 1]. */
export interface TensorSpec {
  name: string;
  /** Open Inference Protocol datatype: FP32, FP64, INT64, BOOL, BYTES, … */
  datatype: string;
  /** −1 = variable. */
  shape: number[];
  /** For inputs: the raw column's type; a `timestamp` is INT64 epoch milliseconds on the wire and ISO 8601 in rows. */
  column?: ColumnType;
}

export interface ModelSignature {
  inputs: TensorSpec[];
  outputs: TensorSpec[];
}

export const tasks = ['binary', 'multiclass', 'regression'] as const;
export type LearningTask = (typeof tasks)[number];

/** The content of a `transform` artifact (`application/vnd.millrace.transform+json`): a fitted preprocessing. */
export interface TransformManifest {
  kind: 'transform';
  /** Raw columns that it reads, with types. */
  inputs: ColumnSchema[];
  /** Names of the numeric features that it yields, in order. */
  features: string[];
  label: {
    name: string;
    type: ColumnType;
    task: LearningTask;
    /** Class values in index order. */ classes?: (string | number | boolean)[];
  };
  /** The fitted steps as libs/ml serialises them. */
  fitted: JsonValue;
  lineage: { [key: string]: JsonValue };
}

/**
 * The content of a `model` artifact (`application/vnd.millrace.model+json`): one ONNX graph from raw columns to
 * prediction, and the proof that it says what the trainer says.
 */
export interface ModelManifest {
  kind: 'model';
  /** The fused graph. */
  onnx: ArtifactRef;
  signature: ModelSignature;
  task: LearningTask;
  classes?: (string | number | boolean)[];
  /** What it predicts: a column of the data that it was trained on. */
  label?: { name: string; type: ColumnType };
  /** What one would predict without any feature: the class shares, or the mean, of the training labels. */
  baseline?: { probabilities: number[] } | { prediction: number };
  estimator: { name: string; params: { [key: string]: JsonValue } };
  features: string[];
  /** Rows of raw columns with the outputs that the trainer itself computed for them; replayed at registration and load. */
  golden: {
    rows: { [column: string]: JsonValue }[];
    outputs: { [output: string]: JsonValue[] };
    tolerance: number;
  };
  /** Agreement of the ONNX graph with the trainer on held-out rows. */
  parity: { rows: number; maxAbsoluteDifference: number; tolerance: number };
  metrics: { [name: string]: number };
  lineage: { [key: string]: JsonValue };
}

/** The content of a `report` artifact (`application/vnd.millrace.report+json`). */
export interface ReportManifest {
  kind: 'profile' | 'validation' | 'evaluation';
  summary: { [key: string]: JsonValue };
  metrics?: { [name: string]: number };
  body: JsonValue;
  lineage: { [key: string]: JsonValue };
}

export const mediaTypes = {
  dataset: 'application/vnd.millrace.dataset+json',
  transform: 'application/vnd.millrace.transform+json',
  model: 'application/vnd.millrace.model+json',
  report: 'application/vnd.millrace.report+json',
  inferenceGraph: 'application/vnd.millrace.inference-graph+json',
  parquet: 'application/vnd.apache.parquet',
  onnx: 'application/vnd.onnx',
} as const;
