import { InvalidRequest } from '@millrace/contracts';
import { describeValue } from './describe-value.js';
import type { TensorData } from './element-readers.js';
import type { InputPort } from './model-interface.js';

const fail = (field: string, port: InputPort, problem: string): never => {
  throw new InvalidRequest([{ field, message: `input '${port.spec.name}' ${problem}` }]);
};

/**
 * The shape that a request gives, checked against the model's: same rank, same dimensions where the model's are fixed,
 * nothing empty, and no more than `maxElements`, which is what the body can hold.
 */
export const readShape = (
  shape: unknown,
  port: InputPort,
  maxElements: number,
  field: string,
): { dims: number[]; size: number } => {
  const expected = port.spec.shape;
  if (!Array.isArray(shape)) return fail(field, port, 'has no shape: an array of integers is expected');
  if (shape.length !== expected.length)
    return fail(field, port, `must have ${expected.length} dimensions [${expected}], not ${shape.length}`);
  let size = 1;
  for (let i = 0; i < shape.length; i++) {
    const dimension: unknown = shape[i];
    if (!Number.isSafeInteger(dimension) || (dimension as number) < 1)
      return fail(
        `${field}[${i}]`,
        port,
        `must have dimensions of at least 1, not ${describeValue(dimension)}`,
      );
    if (expected[i] !== -1 && dimension !== expected[i])
      return fail(
        `${field}[${i}]`,
        port,
        `must have shape [${expected}], and this dimension is ${dimension}`,
      );
    size *= dimension as number;
  }
  if (size > maxElements) return fail(field, port, `says ${size} elements, more than its request can hold`);
  return { dims: shape as number[], size };
};

/**
 * JSON data, nested as the shape says or flat in row-major order, checked and copied in one pass.
 * @throws InvalidRequest that names the element.
 */
export const readData = (
  data: unknown,
  dims: readonly number[],
  size: number,
  port: InputPort,
  field: string,
): TensorData => {
  if (!Array.isArray(data)) return fail(field, port, `must have data: an array, not ${describeValue(data)}`);
  if (!port.reader) return fail(field, port, `is ${port.spec.datatype}, which has no JSON form`);
  const out = port.reader.allocate(size);
  if (dims.length > 1 && Array.isArray(data[0])) new NestedCopy(dims, port, out, field).copy(data, 0, 0);
  else if (data.length !== size)
    fail(field, port, `has ${data.length} elements where its shape [${dims}] says ${size}`);
  else {
    const bad = port.reader.copy(data, out, 0, port.missing);
    if (bad !== -1) failElement(`${field}[${bad}]`, port, data[bad]);
  }
  return out;
};

const failElement = (field: string, port: InputPort, value: unknown): never =>
  fail(field, port, `must be ${port.reader!.expected}, not ${describeValue(value)}`);

/** Recursion is as deep as the model's rank, however deep the request's data. */
class NestedCopy {
  /** Indices from the outside in, for the error's path alone. */
  private readonly path: number[] = [];

  constructor(
    private readonly dims: readonly number[],
    private readonly port: InputPort,
    private readonly out: TensorData,
    private readonly field: string,
  ) {}

  /** Copies one array of the given depth to `out` from `offset` on. Returns the offset after it. */
  copy(values: unknown, depth: number, offset: number): number {
    if (!Array.isArray(values))
      return fail(this.at(depth), this.port, `must be an array, not ${describeValue(values)}`);
    if (values.length !== this.dims[depth])
      return fail(
        this.at(depth),
        this.port,
        `has ${values.length} values where its shape [${this.dims}] says ${this.dims[depth]}`,
      );
    if (depth === this.dims.length - 1) return this.copyLeaf(values, depth, offset);
    for (let i = 0; i < values.length; i++) {
      this.path[depth] = i;
      offset = this.copy(values[i], depth + 1, offset);
    }
    return offset;
  }

  private copyLeaf(values: unknown[], depth: number, offset: number): number {
    const bad = this.port.reader!.copy(values, this.out, offset, this.port.missing);
    if (bad !== -1) failElement(`${this.at(depth)}[${bad}]`, this.port, values[bad]);
    return offset + values.length;
  }

  private at(depth: number): string {
    return (
      this.field +
      this.path
        .slice(0, depth)
        .map((index) => `[${index}]`)
        .join('')
    );
  }
}
