import type { Datatype } from '@millrace/contracts';
import { shortestOfHalf } from '@millrace/onnx';
import type { TensorData } from './element-readers.js';

/**
 * The elements as JSON, comma-separated. JSON has neither NaN nor infinity: those are `null` (the binary form has them
 * exact). 64-bit integers keep all their digits.
 */
export const writeValues = (type: Datatype, data: TensorData): string => {
  if (Array.isArray(data)) return data.map((text) => JSON.stringify(text)).join();
  if (type === 'BOOL') return Array.from(data as Uint8Array, (bit) => (bit ? 'true' : 'false')).join();
  if (type === 'FP16') return writeFloats(Float64Array.from(data as Uint16Array, shortestOfHalf));
  if (type === 'FP32' || type === 'FP64') return writeFloats(data as Float32Array | Float64Array);
  return data.join();
};

const writeFloats = (data: Float32Array | Float64Array): string => {
  let json = '';
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (i > 0) json += ',';
    json += Number.isFinite(value) ? value : 'null';
  }
  return json;
};
