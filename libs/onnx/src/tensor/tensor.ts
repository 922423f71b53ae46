/**
 * A tensor as Millrace hands it around, row-major. Datatypes are the Open Inference Protocol's. BOOL is one byte per
 * element, 0 or 1; FP16 its 16 bits as they are; BYTES a string per element, such as `isCarried` allows.
 */
export type Tensor =
  | { type: 'BOOL'; dims: number[]; data: Uint8Array }
  | { type: 'UINT8'; dims: number[]; data: Uint8Array }
  | { type: 'UINT16'; dims: number[]; data: Uint16Array }
  | { type: 'UINT32'; dims: number[]; data: Uint32Array }
  | { type: 'UINT64'; dims: number[]; data: BigUint64Array }
  | { type: 'INT8'; dims: number[]; data: Int8Array }
  | { type: 'INT16'; dims: number[]; data: Int16Array }
  | { type: 'INT32'; dims: number[]; data: Int32Array }
  | { type: 'INT64'; dims: number[]; data: BigInt64Array }
  | { type: 'FP16'; dims: number[]; data: Uint16Array }
  | { type: 'FP32'; dims: number[]; data: Float32Array }
  | { type: 'FP64'; dims: number[]; data: Float64Array }
  | { type: 'BYTES'; dims: number[]; data: string[] };

export type TensorType = Tensor['type'];

/** What ONNX (TensorProto.DataType) and ONNX Runtime call each datatype, and the size of an element (BYTES: varies). */
export const tensorTypes = {
  FP32: { onnx: 1, runtime: 'float32', bytes: 4 },
  UINT8: { onnx: 2, runtime: 'uint8', bytes: 1 },
  INT8: { onnx: 3, runtime: 'int8', bytes: 1 },
  UINT16: { onnx: 4, runtime: 'uint16', bytes: 2 },
  INT16: { onnx: 5, runtime: 'int16', bytes: 2 },
  INT32: { onnx: 6, runtime: 'int32', bytes: 4 },
  INT64: { onnx: 7, runtime: 'int64', bytes: 8 },
  BYTES: { onnx: 8, runtime: 'string', bytes: 0 },
  BOOL: { onnx: 9, runtime: 'bool', bytes: 1 },
  FP16: { onnx: 10, runtime: 'float16', bytes: 2 },
  FP64: { onnx: 11, runtime: 'float64', bytes: 8 },
  UINT32: { onnx: 12, runtime: 'uint32', bytes: 4 },
  UINT64: { onnx: 13, runtime: 'uint64', bytes: 8 },
} as const satisfies Record<TensorType, { onnx: number; runtime: string; bytes: number }>;

const types = Object.keys(tensorTypes) as TensorType[];
const ofOnnx = new Map<number, TensorType>(types.map((type) => [tensorTypes[type].onnx, type]));
const ofRuntime = new Map<string, TensorType>(types.map((type) => [tensorTypes[type].runtime, type]));

export const tensorTypeOfOnnx = (onnx: number): TensorType | undefined => ofOnnx.get(onnx);

export const tensorTypeOfRuntime = (runtime: string): TensorType | undefined => ofRuntime.get(runtime);

/** A timestamp input that is missing. */
export const missingTimestamp = -(2n ** 63n);
