import type { Datatype } from '@millrace/contracts';
import { shortestOfHalf } from '@millrace/onnx';
import { shortestOfFloat } from './numbers/shortest-float.js';
import type { TensorData } from './element-readers.js';

/**
 * The elements as JSON, comma-separated. JSON has neither NaN nor infinity: those are `null` (the binary form has them
 * exact). 64-bit integers keep all their digits.
 */
export const writeValues = (type: Datatype, data: TensorData): string => {
  if (Array.isArray(data)) return data.map((text) => JSON.stringify(text)).join();
  if (type === 'BOOL') return Array.from(data as Uint8Array, (bit) => (bit ? 'true' : 'false')).join();
  if (type === 'FP16') return writeFloats(Float64Array.from(data as Uint16Array, shortestOfHalf));
  if (type === 'FP32') return writeFloats(Float64Array.from(data as Float32Array, shortestOfFloat));
  if (type === 'FP64') return writeFloats(data as Float64Array);
  return data.join();
};

const writeFloats = (data: Float64Array): string => {
  let json = '';
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (i > 0) json += ',';
    json += Number.isFinite(value) ? (value === 0 && 1 / value < 0 ? '-0.0' : value) : 'null';
  }
  return json;
};

/** One number, as text. */
export const writeValue = (type: Datatype, value: number | bigint | string): string => {
  if (type === 'FP16') return String(shortestOfHalf(value as number));
  return String(type === 'FP32' ? shortestOfFloat(value as number) : value);
};
