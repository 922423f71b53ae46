import { DomainError, InvalidRequest, type FieldError } from '@millrace/contracts';
import { describeValue, shorten } from './describe-value.js';
import { parseWithExactIntegers, toExactIntegers } from './exact-integers.js';
import type { InferCall } from './infer-call.js';
import type { InputPort, ModelInterface } from './model-interface.js';
import { readId, readObject, readText } from './read-json-body.js';
import { readData, readShape } from './read-tensor.js';
import type { RequestLimits } from './request-limits.js';
import type { Tensor } from './tensor.js';

/**
 * An Open Inference Protocol v2 request in JSON, straight into typed arrays.
 * @throws InvalidRequest that names every wrong input; `payload_too_large` over a limit.
 */
export const parseInferRequest = (
  body: Uint8Array,
  model: ModelInterface,
  limits: RequestLimits,
): InferCall => {
  const text = readText(body, limits.maxBodyBytes);
  const request = readObject(text);
  const call: InferCall = {
    id: readId(request['id']),
    feeds: {},
    rows: 0,
    outputs: readOutputs(request['outputs'], model),
  };
  const inputs = request['inputs'];
  if (!Array.isArray(inputs))
    throw new InvalidRequest([{ field: 'inputs', message: 'must be an array of tensors' }]);
  if (inputs.length > model.inputs.size)
    throw new InvalidRequest([
      { field: 'inputs', message: `has ${inputs.length} tensors; the model has ${model.inputs.size} inputs` },
    ]);
  new InputsReader(text, model, limits, call).read(inputs);
  return call;
};

const readOutputs = (outputs: unknown, model: ModelInterface): string[] | undefined => {
  if (outputs === undefined || (Array.isArray(outputs) && outputs.length === 0)) return undefined;
  if (!Array.isArray(outputs)) throw new InvalidRequest([{ field: 'outputs', message: 'must be an array' }]);
  const names: string[] = [];
  outputs.forEach((output: unknown, i) => {
    const name = (output as { name?: unknown } | null)?.name;
    const field = `outputs[${i}].name`;
    if (typeof name !== 'string' || !model.outputs.has(name))
      throw new InvalidRequest([
        {
          field,
          message: `the model has no output ${describeValue(name)}; it has ${listNames(model.outputs)}`,
        },
      ]);
    if (names.includes(name))
      throw new InvalidRequest([{ field, message: `output '${name}' is asked for twice` }]);
    names.push(name);
  });
  return names;
};

const listNames = (ports: ReadonlyMap<string, unknown>): string => {
  const names = [...ports.keys()];
  const shown = names.slice(0, 20).map((name) => `'${shorten(name)}'`);
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
};

/** Reads each input, and collects what is wrong with any. */
class InputsReader {
  private readonly mistakes: FieldError[] = [];
  private readonly named = new Set<string>();
  private exact: { inputs: { data: unknown[] }[] } | undefined;

  constructor(
    private readonly text: string,
    private readonly model: ModelInterface,
    private readonly limits: RequestLimits,
    private readonly call: InferCall,
  ) {}

  read(inputs: unknown[]): void {
    for (let i = 0; i < inputs.length; i++) this.collect(() => this.readInput(inputs[i], i));
    const { feeds } = this.call;
    for (const name of this.model.inputs.keys())
      if (feeds[name] === undefined && !this.named.has(name))
        this.mistakes.push({ field: 'inputs', message: `input '${name}' is missing` });
    if (this.mistakes.length > 0) throw new InvalidRequest(this.mistakes);
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

  private readInput(input: unknown, index: number): void {
    const field = `inputs[${index}]`;
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      throw new InvalidRequest([{ field, message: `must be a tensor, not ${describeValue(input)}` }]);
    const { name, datatype, shape, data } = input as Record<string, unknown>;
    const port = this.portOf(name, `${field}.name`);
    this.named.add(port.spec.name);
    if (datatype !== port.spec.datatype)
      throw new InvalidRequest([
        {
          field: `${field}.datatype`,
          message: `input '${port.spec.name}' must be ${port.spec.datatype}, not ${describeValue(datatype)}`,
        },
      ]);
    const { dims, size } = readShape(shape, port, this.text.length, `${field}.shape`);
    this.countRows(dims, port, `${field}.shape`);
    this.call.feeds[port.spec.name] = {
      type: port.spec.datatype,
      dims,
      data: readData(this.exactly(data, port, index), dims, size, port, `${field}.data`),
    } as Tensor;
  }

  private portOf(name: unknown, field: string): InputPort {
    const port = typeof name === 'string' ? this.model.inputs.get(name) : undefined;
    if (!port)
      throw new InvalidRequest([
        {
          field,
          message: `the model has no input ${describeValue(name)}; it has ${listNames(this.model.inputs)}`,
        },
      ]);
    if (this.named.has(port.spec.name))
      throw new InvalidRequest([{ field, message: `input '${port.spec.name}' is given twice` }]);
    return port;
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
    this.exact ??= parseWithExactIntegers(this.text) as { inputs: { data: unknown[] }[] };
    return toExactIntegers(this.exact.inputs[index]!.data, depth);
  }
}

const holdsRounded = (data: unknown[], depth: number): boolean =>
  data.some((value) =>
    Array.isArray(value)
      ? depth > 1 && holdsRounded(value, depth - 1)
      : Number.isInteger(value) && !Number.isSafeInteger(value),
  );
