/** Open Inference Protocol v2, JSON form. https://github.com/kserve/open-inference-protocol */
export const datatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const;
export type Datatype = (typeof datatypes)[number];

export interface InferTensor {
  name: string;
  shape: number[];
  datatype: Datatype;
  parameters?: Record<string, unknown>;
  /** Nested or flat, row-major. Absent when the tensor follows in binary. */
  data?: unknown[];
}

export interface InferRequest {
  id?: string;
  parameters?: Record<string, unknown>;
  inputs: InferTensor[];
  outputs?: { name: string; parameters?: Record<string, unknown> }[];
}

export interface InferResponse {
  model_name: string;
  model_version?: string;
  id?: string;
  parameters?: Record<string, unknown>;
  outputs: InferTensor[];
}

export interface ModelMetadata {
  name: string;
  versions?: string[];
  platform: 'onnx_onnxv1';
  inputs: { name: string; datatype: string; shape: number[] }[];
  outputs: { name: string; datatype: string; shape: number[] }[];
}

/** Plain records, for people: `{"rows":[{"distance":400,"origin":"ATL"}]}` on `<prefix>.infer.<endpoint>.rows`. */
export interface RowsRequest {
  id?: string;
  /** As in a request with tensors. */
  parameters?: Record<string, unknown>;
  /** Each prediction gets an `explanation`: the base value and what each column adds to it. */
  explain?: boolean;
  rows: Record<string, unknown>[];
}

export interface RowsResponse {
  id?: string;
  model_name: string;
  model_version: string;
  predictions: Record<string, unknown>[];
}
