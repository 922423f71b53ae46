import type { TensorSpec } from '@millrace/contracts';

/** Why what one gives is nothing for the other; undefined where it fits. Variable dimensions (−1) fit until a request comes. */
export const mismatch = (given: TensorSpec, wanted: TensorSpec): string | undefined => {
  if (given.datatype !== wanted.datatype) return `${given.datatype} is not ${wanted.datatype}`;
  const fits =
    given.shape.length === wanted.shape.length &&
    given.shape.every((size, i) => size === -1 || wanted.shape[i] === -1 || size === wanted.shape[i]);
  return fits ? undefined : `the shape [${given.shape.join()}] does not fit [${wanted.shape.join()}]`;
};

/** What fits both of two inputs. */
export const narrow = (a: TensorSpec, b: TensorSpec): TensorSpec => both(a, b, (x, y) => (x === -1 ? y : x));

/** What may come of either of two outputs. */
export const widen = (a: TensorSpec, b: TensorSpec): TensorSpec => both(a, b, (x, y) => (x === y ? x : -1));

const both = (a: TensorSpec, b: TensorSpec, size: (x: number, y: number) => number): TensorSpec => ({
  name: a.name,
  datatype: a.datatype,
  shape: a.shape.map((x, i) => size(x, b.shape[i]!)),
  ...(a.column !== undefined && a.column === b.column ? { column: a.column } : {}),
});

export const findPort = (specs: readonly TensorSpec[], name: string): TensorSpec | undefined =>
  specs.find((spec) => spec.name === name);

/** For messages. */
export const listPorts = (specs: readonly TensorSpec[]): string =>
  specs.length === 0
    ? 'nothing'
    : specs
        .slice(0, 20)
        .map(({ name }) => `'${name}'`)
        .join(', ');
