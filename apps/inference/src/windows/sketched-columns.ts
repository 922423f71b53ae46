import type { LearningTask, ModelSignature, TensorSpec } from '@millrace/contracts';
import type { ColumnSketch } from '@millrace/ml';
import { elementAt, missingTimestamp } from '@millrace/onnx';
import type { Feeds } from '../protocol/tensor.js';

type ClassValue = string | number | boolean;

/** What the sketches need to know about a model. */
export interface SketchedModel {
  signature: ModelSignature;
  task: LearningTask;
  classes?: ClassValue[] | undefined;
}

/** One feature or output, and where its values are: element `index` of each row of `tensor`. */
export interface SketchedColumn {
  name: string;
  side: 'input' | 'output';
  tensor: string;
  index: number;
  kind: 'number' | 'string';
  /** For class indices: what they stand for. */
  classes?: ClassValue[] | undefined;
}

/** A window must fit into one message. */
const maxColumns = 200;

/** Every raw column, the predicted class by its own value, and the probability of each class. */
export const sketchedColumns = (model: SketchedModel): SketchedColumn[] =>
  [
    ...model.signature.inputs.flatMap((spec) => columnsOf(spec, 'input')),
    ...model.signature.outputs.flatMap((spec) => columnsOf(spec, 'output', model.classes)),
  ].slice(0, maxColumns);

const columnsOf = (spec: TensorSpec, side: 'input' | 'output', classes?: ClassValue[]): SketchedColumn[] => {
  const column = {
    side,
    tensor: spec.name,
    index: 0,
    kind: spec.datatype === 'BYTES' ? 'string' : 'number',
  } as const;
  if (classes && spec.datatype === 'INT64') return [{ ...column, name: spec.name, kind: 'string', classes }];
  const width = classes && spec.shape.length === 2 ? classes.length : widthOf(spec);
  if (width === 1) return [{ ...column, name: spec.name }];
  return Array.from({ length: width }, (_, index) => ({
    ...column,
    name: classes ? `${spec.name}.${String(classes[index])}` : `${spec.name}[${index}]`,
    index,
  }));
};

const widthOf = ({ shape }: TensorSpec): number =>
  shape.slice(1).reduce((size, n) => size * Math.max(n, 1), 1);

/** Adds element `column.index` of one row to its sketch. */
export const addRow = (sketch: ColumnSketch, column: SketchedColumn, tensors: Feeds, row: number): void => {
  const tensor = tensors[column.tensor]!;
  const value = elementAt(tensor, row * (tensor.data.length / tensor.dims[0]!) + column.index);
  if (column.classes) sketch.add(String(column.classes[Number(value)] ?? value));
  else sketch.add(value === missingTimestamp ? null : value);
};
