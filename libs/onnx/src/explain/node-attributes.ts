import { readBytes, readInt, readText, wireFields, type WireField } from '../inspect/wire-reader.js';
import { cannotExplain, explainLimits } from './explainer.js';

export interface AttributeLists {
  ints: Map<string, number[]>;
  floats: Map<string, number[]>;
  strings: Map<string, string[]>;
  /** Attributes that are tensors. */
  tensors: string[];
}

/** What a node is told, as lists; one number or text is a list of one. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const attributesOf = (node: Uint8Array): AttributeLists => {
  const lists: AttributeLists = { ints: new Map(), floats: new Map(), strings: new Map(), tensors: [] };
  for (const field of wireFields(node))
    if (field.number === 5) readAttribute(readBytes(field, 'an attribute'), lists);
  return lists;
};

const readAttribute = (message: Uint8Array, lists: AttributeLists): void => {
  let name = '';
  const [ints, floats, strings]: [number[], number[], string[]] = [[], [], []];
  for (const field of wireFields(message)) {
    if (field.number === 1) name = readText(field, 'a name');
    if (field.number === 2 || field.number === 7) addAll(floats, floatsOf(field));
    if (field.number === 3 || field.number === 8) addAll(ints, intsOf(field));
    if (field.number === 4 || field.number === 9) addAll(strings, [readText(field, 'an attribute')]);
    if (field.number === 5) lists.tensors.push(name);
  }
  if (ints.length > 0) lists.ints.set(name, ints);
  if (floats.length > 0) lists.floats.set(name, floats);
  if (strings.length > 0) lists.strings.set(name, strings);
};

const addAll = <T>(list: T[], more: readonly T[]): void => {
  for (const value of more) list.push(value);
  if (list.length > explainLimits.treeNodes)
    cannotExplain(`it has an attribute of more than ${explainLimits.treeNodes} values`);
};

const floatsOf = (field: WireField): number[] => {
  if (field.kind === 'varint') return cannotExplain('an attribute has the wrong wire type');
  const { bytes } = field;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.min(bytes.byteLength >> 2, explainLimits.treeNodes + 1);
  return Array.from({ length }, (_, i) => view.getFloat32(4 * i, true));
};

/** Those of trees are small and not negative; larger ones are never decoded into objects. */
const intsOf = (field: WireField): number[] => {
  if (field.kind === 'varint') return [readInt(field, 'an attribute')];
  const values: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of readBytes(field, 'an attribute')) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte >= 0x80) continue;
    values.push(value);
    if (values.length > explainLimits.treeNodes) break;
    [value, scale] = [0, 1];
  }
  return values;
};
