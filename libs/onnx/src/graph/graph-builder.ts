import type { onnx } from 'onnx-proto';
import { tensorTypes, type TensorType } from '../tensor/tensor.js';
import { onnxProto } from './onnx-proto.js';

/** Opsets that the graphs here are written in; IR version 8 is theirs. */
export const graphVersions = { ir: 8, onnx: 17, ml: 3 } as const;

type AttributeValue = number | string | number[] | string[] | Float32Array;
/** Numbers are ints, a Float32Array is floats (or one float under the name of `default_float`). */
export type Attributes = Record<string, AttributeValue>;

export interface NodeOptions {
  attributes?: Attributes;
  /** Name of the output; a fresh one unless given. */
  output?: string;
  /** Names of the outputs after the first. */
  furtherOutputs?: string[];
  domain?: 'ai.onnx.ml';
}

const bytes = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Begins the names of values that are neither input nor output, so that no column's name meets them. */
const internal = '\u0001';

/**
 * Writes an ONNX graph node by node; every method returns the name of the value that it adds.
 *
 * ```ts
 * const graph = new GraphBuilder('double');
 * const x = graph.input('x', 'FP32', [null, 3]);
 * graph.node('Mul', [x, graph.floats([2], [])], { output: 'y' });
 * graph.output('y', 'FP32', [null, 3]);
 * const bytes = graph.finish({});
 * ```
 */
export class GraphBuilder {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly constants = new Map<string, onnx.ITensorProto>();
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private count = 0;

  constructor(private readonly name: string) {}

  /** @param shape null = any number of rows. */
  input(name: string, type: TensorType, shape: (number | null)[]): string {
    this.inputs.push(valueInfo(name, type, shape));
    return name;
  }

  output(name: string, type: TensorType, shape: (number | null)[]): void {
    this.outputs.push(valueInfo(name, type, shape));
  }

  node(
    op: string,
    inputs: string[],
    { attributes = {}, output, furtherOutputs = [], domain }: NodeOptions = {},
  ): string {
    const result = output ?? `${internal}${op}_${this.count++}`;
    this.nodes.push({
      opType: op,
      input: inputs,
      output: [result, ...furtherOutputs],
      ...(domain ? { domain } : {}),
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return result;
  }

  floats(values: ArrayLike<number>, dims: number[]): string {
    return this.constant('FP32', Float32Array.from(values), dims);
  }

  int64(value: number | bigint): string {
    return this.int64s([value], []);
  }

  int64s(values: (number | bigint)[], dims: number[] = [values.length]): string {
    return this.constant('INT64', BigInt64Array.from(values, BigInt), dims);
  }

  /** The model, as protobuf. @param metadata Kept in the file for whoever opens it. */
  finish(metadata: Record<string, string>): Uint8Array {
    const { ModelProto } = onnxProto();
    return ModelProto.encode({
      irVersion: graphVersions.ir,
      producerName: 'millrace',
      opsetImport: [
        { domain: '', version: graphVersions.onnx },
        { domain: 'ai.onnx.ml', version: graphVersions.ml },
      ],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: {
        name: this.name,
        node: this.nodes,
        initializer: [...this.constants.values()],
        input: this.inputs,
        output: this.outputs,
      },
    }).finish();
  }

  /** Equal constants are kept once. */
  private constant(type: TensorType, values: Float32Array | BigInt64Array, dims: number[]): string {
    const key = `${type}[${dims.join(',')}]:${values.join(',')}`;
    let tensor = this.constants.get(key);
    if (!tensor) {
      const dataType = tensorTypes[type].onnx;
      tensor = { name: `${internal}constant_${this.constants.size}`, dataType, dims, rawData: bytes(values) };
      this.constants.set(key, tensor);
    }
    return tensor.name!;
  }
}

const valueInfo = (name: string, type: TensorType, shape: (number | null)[]): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: tensorTypes[type].onnx,
      shape: { dim: shape.map((size) => (size === null ? { dimParam: 'N' } : { dimValue: size })) },
    },
  },
});

const attribute = (name: string, value: AttributeValue): onnx.IAttributeProto => {
  const types = onnxProto().AttributeProto.AttributeType;
  if (value instanceof Float32Array) {
    return name === 'default_float'
      ? { name, type: types.FLOAT, f: value[0]! }
      : { name, type: types.FLOATS, floats: [...value] };
  }
  if (typeof value === 'number') return { name, type: types.INT, i: value };
  if (typeof value === 'string') return { name, type: types.STRING, s: utf8(value) };
  return typeof value[0] === 'string'
    ? { name, type: types.STRINGS, strings: (value as string[]).map(utf8) }
    : { name, type: types.INTS, ints: value as number[] };
};
