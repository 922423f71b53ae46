import type { Datatype, ModelSignature, TensorSpec } from '@millrace/contracts';
import { DomainError } from '@millrace/contracts';
import { missingTimestamp } from '@millrace/onnx';
import { elementReaders, type ElementReader, type Missing } from './element-readers.js';
import type { RequestedOutput } from './infer-call.js';

export interface InputPort {
  spec: TensorSpec;
  reader: ElementReader | undefined;
  /** What a missing value (`null`) of a raw column becomes. Plain tensors have no missing values. */
  missing: Missing;
  /** INT64 or UINT64: JSON numbers beyond 2^53 need care. */
  wide: boolean;
}

export interface OutputPort {
  spec: TensorSpec;
}

/** A model's signature, prepared once for the requests that are read against it. */
export interface ModelInterface {
  signature: ModelSignature;
  /** The same for two models that read requests alike: by all of the signature, and by its inputs alone. */
  key: string;
  inputsKey: string;
  inputs: ReadonlyMap<string, InputPort>;
  outputs: ReadonlyMap<string, OutputPort>;
  /** What is answered to a request that names no outputs. */
  everyOutput: { readonly json: readonly RequestedOutput[]; readonly binary: readonly RequestedOutput[] };
  /** Every input and output has a variable first dimension, so rows of several requests may run as one. */
  batchable: boolean;
}

const variableRows = (spec: TensorSpec): boolean => spec.shape[0] === -1;

/** @throws DomainError `unsupported` when a name could not be told from a property of every object. */
export const compileInterface = (signature: ModelSignature): ModelInterface => {
  const tensors = [...signature.inputs, ...signature.outputs];
  const bad = tensors.find(({ name }) => name === '' || name === '__proto__');
  if (bad) throw new DomainError('unsupported', `a tensor cannot be named '${bad.name}'`);
  return {
    signature,
    key: JSON.stringify(signature),
    inputsKey: JSON.stringify(signature.inputs),
    inputs: new Map(signature.inputs.map((spec) => [spec.name, toPort(spec)])),
    outputs: new Map(signature.outputs.map((spec) => [spec.name, { spec }])),
    everyOutput: { json: everyOutput(signature, false), binary: everyOutput(signature, true) },
    batchable: tensors.every(variableRows),
  };
};

const everyOutput = ({ outputs }: ModelSignature, binary: boolean): RequestedOutput[] =>
  outputs.map(({ name }) => ({ name, binary, top: 0 }));

const toPort = (spec: TensorSpec): InputPort => ({
  spec,
  reader: elementReaders[spec.datatype as Datatype],
  missing: missingOf(spec),
  wide: spec.datatype === 'INT64' || spec.datatype === 'UINT64',
});

const missingOf = ({ column, datatype }: TensorSpec): Missing => {
  if (column === undefined) return undefined;
  if (datatype === 'FP16' || datatype === 'FP32' || datatype === 'FP64') return NaN;
  if (datatype === 'BYTES') return '';
  return column === 'timestamp' ? missingTimestamp : undefined;
};
