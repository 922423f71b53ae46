import { DomainError, type ModelManifest } from '@millrace/contracts';
import type { NewColumn } from '@millrace/data';
import { elementAt, type Tensor } from '@millrace/onnx';

/**
 * A model's outputs as columns: one that has one value per row under its own name, the class by its value; one that has
 * several as `<output>_<class>`, or `<output>_<index>`.
 * @throws DomainError `unsupported` for an output that has not so many values for each row
 */
export const predictionColumns = (
  outputs: Record<string, Tensor>,
  rows: number,
  classes: ModelManifest['classes'],
  prefix: string,
): NewColumn[] =>
  Object.entries(outputs).flatMap(([output, tensor]) => {
    const width = tensor.data.length / rows;
    if (tensor.dims[0] !== rows || !Number.isInteger(width))
      throw new DomainError('unsupported', `output '${output}' has not one row for each row of the dataset`);
    if (width === 1 && tensor.type === 'INT64' && classes)
      return [{ name: prefix + output, ...classColumn(tensor.data, classes) }];
    const names =
      classes?.length === width ? classes.map(String) : Array.from({ length: width }, (_, i) => `${i}`);
    return names.map((name, i) => ({
      name: width === 1 ? prefix + output : `${prefix}${output}_${name}`,
      ...columnOf(tensor, rows, width, i),
    }));
  });

type Values = NewColumn extends infer C ? (C extends { name: string } ? Omit<C, 'name'> : never) : never;

const classColumn = (indices: ArrayLike<bigint>, classes: NonNullable<ModelManifest['classes']>): Values => {
  const values = Array.from(indices, (index) => classes[Number(index)] ?? null);
  const [first] = classes;
  if (typeof first === 'boolean') return { type: 'boolean', values: values as (boolean | null)[] };
  if (typeof first === 'number')
    return { type: 'number', values: values.map((value) => Number(value ?? NaN)) };
  return { type: 'string', values: values.map((value) => (value === null ? null : String(value))) };
};

const columnOf = (tensor: Tensor, rows: number, width: number, at: number): Values => {
  const element = <T>(read: (index: number) => T): T[] =>
    Array.from({ length: rows }, (_, row) => read(row * width + at));
  if (tensor.type === 'BYTES') return { type: 'string', values: element((i) => tensor.data[i]!) };
  if (tensor.type === 'BOOL') return { type: 'boolean', values: element((i) => tensor.data[i] === 1) };
  if (tensor.type === 'INT64') return { type: 'integer', values: element((i) => tensor.data[i]!) };
  return { type: 'number', values: element((i) => Number(elementAt(tensor, i))) };
};
