import type { TensorSpec } from '@millrace/contracts';
import { inspectValue } from '../inspect/inspect-value.js';
import { readBytes, readText, wireFields, type WireField } from '../inspect/wire-reader.js';

export interface NodePart {
  op: string;
  inputs: string[];
  outputs: string[];
  message: Uint8Array;
}

/** A model file taken apart, its messages as they were: of one that inspection let in. */
export interface GraphParts {
  nodes: NodePart[];
  constants: Map<string, Uint8Array>;
  inputs: (TensorSpec & { message: Uint8Array })[];
  /** The model's fields besides the graph and its metadata. */
  rest: Uint8Array[];
}

export const takeApart = (file: Uint8Array): GraphParts => {
  const parts: GraphParts = { nodes: [], constants: new Map(), inputs: [], rest: [] };
  for (const field of wireFields(file)) {
    if (field.number === 7) readGraph(readBytes(field, 'the graph'), parts);
    else if (field.number !== 14) parts.rest.push(writeField(field));
  }
  parts.inputs = parts.inputs.filter(({ name }) => !parts.constants.has(name));
  return parts;
};

const readGraph = (graph: Uint8Array, parts: GraphParts): void => {
  for (const field of wireFields(graph)) {
    if (field.number === 1) parts.nodes.push(readNode(readBytes(field, 'a node')));
    if (field.number === 5) {
      const message = readBytes(field, 'a constant');
      parts.constants.set(nameOf(message, 8), message);
    }
    if (field.number === 11) {
      const message = readBytes(field, 'an input');
      parts.inputs.push({ ...inspectValue(message), message });
    }
  }
};

const readNode = (message: Uint8Array): NodePart => {
  const node: NodePart = { op: '', inputs: [], outputs: [], message };
  for (const field of wireFields(message)) {
    if (field.number === 1) node.inputs.push(readText(field, 'a name'));
    if (field.number === 2) node.outputs.push(readText(field, 'a name'));
    if (field.number === 4) node.op = readText(field, 'an operator');
  }
  return node;
};

const nameOf = (message: Uint8Array, number: number): string => {
  for (const field of wireFields(message)) if (field.number === number) return readText(field, 'a name');
  return '';
};

/** Nodes that `tensors` depend on, in their order. */
export const nodesBefore = ({ nodes }: GraphParts, tensors: readonly string[]): NodePart[] => {
  const wanted = new Set(tensors);
  const kept: NodePart[] = [];
  // Nodes come after what they read: https://github.com/onnx/onnx/blob/main/docs/IR.md#graphs
  for (const node of nodes.toReversed())
    if (node.outputs.some((output) => wanted.has(output))) {
      kept.push(node);
      for (const input of node.inputs) wanted.add(input);
    }
  return kept.reverse();
};

/** The part of the model that yields `tensors`, FP32 [N, k] each, as a model of its own with all of the inputs. */
export const partYielding = (parts: GraphParts, tensors: readonly string[]): Uint8Array => {
  const nodes = nodesBefore(parts, tensors);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = [...parts.constants].filter(([name]) => read.has(name));
  const graph = Buffer.concat([
    ...nodes.map(({ message }) => bytesField(1, message)),
    textField(2, 'features'),
    ...constants.map(([, message]) => bytesField(5, message)),
    ...parts.inputs.map(({ message }) => bytesField(11, message)),
    ...tensors.map((name, i) => bytesField(12, floatMatrix(name, `k${i}`))),
  ]);
  return Buffer.concat([...parts.rest, bytesField(7, graph)]);
};

/** ValueInfoProto of FP32 [N, width]. */
const floatMatrix = (name: string, width: string): Uint8Array => {
  const dimension = (symbol: string): Uint8Array => bytesField(1, textField(2, symbol));
  const shape = bytesField(2, Buffer.concat([dimension('N'), dimension(width)]));
  const type = bytesField(1, Buffer.concat([Uint8Array.of(8, 1), shape]));
  return Buffer.concat([textField(1, name), bytesField(2, type)]);
};

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];

const bytesField = (number: number, bytes: Uint8Array): Uint8Array =>
  Buffer.concat([
    Uint8Array.from([...varint(BigInt(number * 8 + 2)), ...varint(BigInt(bytes.length))]),
    bytes,
  ]);

const textField = (number: number, text: string): Uint8Array => bytesField(number, Buffer.from(text));

const writeField = (field: WireField): Uint8Array => {
  if (field.kind === 'bytes') return bytesField(field.number, field.bytes);
  if (field.kind === 'varint')
    return Uint8Array.from([...varint(BigInt(field.number * 8)), ...varint(field.value)]);
  const wire = field.bytes.length === 8 ? 1 : 5;
  return Uint8Array.from([...varint(BigInt(field.number * 8 + wire)), ...field.bytes]);
};
