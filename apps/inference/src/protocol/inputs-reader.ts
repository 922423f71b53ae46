import { DomainError, InvalidRequest, type FieldError } from '@millrace/contracts';
import type { BinaryPart } from './binary/binary-part.js';
import { readElements } from './binary/read-elements.js';
import { describeValue } from './describe-value.js';
import type { TensorData } from './element-readers.js';
import { parseWithExactIntegers, toExactIntegers } from './exact-integers.js';
import type { InferCall } from './infer-call.js';
import { listNames } from './list-names.js';
import type { InputPort, ModelInterface } from './model-interface.js';
import { refuseSharedMemory } from './read-outputs.js';
import { readData, readShape } from './read-tensor.js';
import type { RequestLimits } from './request-limits.js';
import type { Tensor } from './tensor.js';

/** Where the elements of a request's tensors are. */
export interface RequestSource {
  text: string;
  binary: BinaryPart;
}

/** Reads each input into the call, and collects what is wrong with any. */
export class InputsReader {
  private readonly mistakes: FieldError[] = [];
  private readonly named = new Set<string>();
  private readonly maxElements: number;
  private exact: { inputs: { data: unknown[] }[] } | undefined;

  constructor(
    private readonly source: RequestSource,
    private readonly model: ModelInterface,
    private readonly limits: RequestLimits,
    private readonly call: InferCall,
  ) {
    this.maxElements = Math.max(source.text.length, source.binary.length);
  }

  read(inputs: unknown[]): void {
    for (let i = 0; i < inputs.length; i++) this.collect(() => this.readInput(inputs[i], `inputs[${i}]`, i));
    for (const name of this.model.inputs.keys())
      if (!this.named.has(name)) this.mistakes.push({ field: 'inputs', message: `'${name}' is missing` });
    if (this.mistakes.length === 0) this.source.binary.end();
    else throw new InvalidRequest(this.mistakes);
  }

  private collect(read: () => void): void {
    try {
      read();
    } catch (error) {
      const fields = error instanceof InvalidRequest ? error.details?.fields : undefined;
      if (!fields) throw error;
      this.mistakes.push(...fields);
    }
  }

  private readInput(input: unknown, field: string, index: number): void {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw new InvalidRequest([{ field, message: `must be a tensor, not ${describeValue(input)}` }]);
    const { name, datatype, shape, parameters, data } = input as Record<string, unknown>;
    const port = this.portOf(name, `${field}.name`);
    // Also of an input that is not known: it says where the next one begins.
    const bytes = parameters === undefined ? undefined : this.takeBytes(parameters, field);
    if (!port) return;
    const fail = (at: string, problem: string): never => {
      throw new InvalidRequest([
        { field: `${field}.${at}`, message: `input '${port.spec.name}' ${problem}` },
      ]);
    };
    if (datatype !== port.spec.datatype)
      fail('datatype', `must be ${port.spec.datatype}, not ${describeValue(datatype)}`);
    const { dims, size } = readShape(shape, port, this.maxElements, `${field}.shape`);
    this.countRows(dims, port, `${field}.shape`);
    if (bytes && data !== undefined) fail('data', 'has data and binary_data_size: one of them is expected');
    this.call.feeds[port.spec.name] = {
      type: port.spec.datatype,
      dims,
      data: bytes
        ? readElements(bytes, dims, size, port, `${field}.data`)
        : this.readJson(data, { dims, size }, port, `${field}.data`, index),
    } as Tensor;
  }

  private takeBytes(parameters: unknown, field: string): Uint8Array | undefined {
    if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
      throw new InvalidRequest([
        { field: `${field}.parameters`, message: `must be an object, not ${describeValue(parameters)}` },
      ]);
    refuseSharedMemory(parameters as Record<string, unknown>, field);
    const size = (parameters as Record<string, unknown>)['binary_data_size'];
    return size === undefined
      ? undefined
      : this.source.binary.take(size, `${field}.parameters.binary_data_size`);
  }

  private readJson(
    data: unknown,
    { dims, size }: { dims: number[]; size: number },
    port: InputPort,
    field: string,
    index: number,
  ): TensorData {
    return readData(this.exactly(data, port, index), dims, size, port, field);
  }

  private portOf(name: unknown, field: string): InputPort | undefined {
    const port = typeof name === 'string' ? this.model.inputs.get(name) : undefined;
    const again = port && this.named.has(port.spec.name);
    if (port && !again) {
      this.named.add(port.spec.name);
      return port;
    }
    const message = again
      ? `input '${port.spec.name}' is given twice`
      : `the model has no input ${describeValue(name)}; it has ${listNames(this.model.inputs)}`;
    this.mistakes.push({ field, message });
    return undefined;
  }

  /** All inputs of a model that takes many rows have as many. */
  private countRows(dims: number[], port: InputPort, field: string): void {
    const rows = this.model.batchable ? dims[0]! : 1;
    if (rows > this.limits.maxRows)
      throw new DomainError(
        'payload_too_large',
        `input '${port.spec.name}' has ${rows} rows, more than the limit of ${this.limits.maxRows}; score larger data as a dataset`,
        { details: { field, limit: this.limits.maxRows } },
      );
    if (this.call.rows !== 0 && rows !== this.call.rows)
      throw new InvalidRequest([
        {
          field,
          message: `input '${port.spec.name}' has ${rows} rows, the inputs before it ${this.call.rows}`,
        },
      ]);
    this.call.rows = rows;
  }

  /** 64-bit integers that JSON.parse rounded are read again from the text. */
  private exactly(data: unknown, port: InputPort, index: number): unknown {
    const depth = port.spec.shape.length;
    if (!port.wide || !Array.isArray(data) || !holdsRounded(data, depth)) return data;
    this.exact ??= parseWithExactIntegers(this.source.text) as { inputs: { data: unknown[] }[] };
    return toExactIntegers(this.exact.inputs[index]!.data, depth);
  }
}

const holdsRounded = (data: unknown[], depth: number): boolean =>
  data.some((value) =>
    Array.isArray(value)
      ? depth > 1 && holdsRounded(value, depth - 1)
      : Number.isInteger(value) && !Number.isSafeInteger(value),
  );
