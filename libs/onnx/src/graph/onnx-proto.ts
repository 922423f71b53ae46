import { createRequire } from 'node:module';
import type { onnx } from 'onnx-proto';

const require = createRequire(import.meta.url);
let loaded: typeof onnx | undefined;

/** The protobuf types of ONNX, loaded when first needed: most processes run graphs and never write one. */
export const onnxProto = (): typeof onnx => {
  loaded ??= (require('onnx-proto') as { onnx: typeof onnx }).onnx;
  return loaded;
};
