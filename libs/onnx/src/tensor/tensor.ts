/** A tensor as Millrace hands it around. Datatypes are the Open Inference Protocol's. */
export type Tensor =
  | { type: 'FP32'; dims: number[]; data: Float32Array }
  | { type: 'FP64'; dims: number[]; data: Float64Array }
  | { type: 'INT64'; dims: number[]; data: BigInt64Array }
  | { type: 'INT32'; dims: number[]; data: Int32Array }
  | { type: 'BOOL'; dims: number[]; data: Uint8Array }
  | { type: 'BYTES'; dims: number[]; data: string[] };

export type TensorType = Tensor['type'];

/** What ONNX (TensorProto.DataType) and ONNX Runtime call each datatype. */
export const tensorTypes = {
  FP32: { onnx: 1, runtime: 'float32', bytes: 4 },
  INT32: { onnx: 6, runtime: 'int32', bytes: 4 },
  INT64: { onnx: 7, runtime: 'int64', bytes: 8 },
  BYTES: { onnx: 8, runtime: 'string', bytes: 0 },
  BOOL: { onnx: 9, runtime: 'bool', bytes: 1 },
  FP64: { onnx: 11, runtime: 'float64', bytes: 8 },
} as const satisfies Record<TensorType, { onnx: number; runtime: string; bytes: number }>;

export const tensorTypeOfOnnx = (onnx: number): TensorType | undefined =>
  (Object.keys(tensorTypes) as TensorType[]).find((type) => tensorTypes[type].onnx === onnx);

export const tensorTypeOfRuntime = (runtime: string): TensorType | undefined =>
  (Object.keys(tensorTypes) as TensorType[]).find((type) => tensorTypes[type].runtime === runtime);

/** A timestamp input that is missing. */
export const missingTimestamp = -(2n ** 63n);
