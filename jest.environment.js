import { TestEnvironment } from 'jest-environment-node';

/**
 * Node's environment with the process's own typed arrays: a native module (ONNX Runtime, DuckDB) makes and checks those,
 * and a test's context would otherwise have classes of the same names that are not the same.
 */
export default class NativeTestEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const type of [
      Int8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ]) {
      this.global[type.name] = type;
    }
  }
}
