import { headerNames } from '@millrace/contracts';
import type { RawResult } from '@millrace/messaging';
import { binarySize, writeElements } from './binary/write-elements.js';
import type { Answerer } from './codec.js';
import type { InferCall } from './infer-call.js';
import type { ModelInterface } from './model-interface.js';
import type { Feeds, Tensor } from './tensor.js';
import { topClasses } from './top-classes.js';
import { writeValues } from './write-values.js';

/** An Open Inference Protocol v2 response: JSON, and behind it, in the same order, the tensors asked for in binary. */
export const writeInferResponse = (
  { name, version, classes }: Answerer,
  call: Pick<InferCall, 'id' | 'outputs'>,
  outputs: Feeds,
  model: ModelInterface,
): RawResult => {
  let json = `{"model_name":"${name}","model_version":"${version}"`;
  if (call.id !== undefined) json += `,"id":${JSON.stringify(call.id)}`;
  json += ',"outputs":[';
  const behind: Tensor[] = [];
  let bytes = 0;
  let separator = '';
  for (const { name: output, binary, top } of call.outputs) {
    const whole = outputs[output]!;
    const tensor = top > 0 ? topClasses(whole, top, model.batchable, classes) : whole;
    const { type, dims, data } = tensor;
    json += `${separator}{"name":${JSON.stringify(output)},"datatype":"${type}","shape":[${dims.join()}],`;
    if (binary) {
      const size = binarySize(tensor);
      json += `"parameters":{"binary_data_size":${size}}}`;
      behind.push(tensor);
      bytes += size;
    } else json += `"data":[${writeValues(type, data)}]}`;
    separator = ',';
  }
  json += ']}';
  return behind.length === 0 ? { data: Buffer.from(json) } : join(json, behind, bytes);
};

/** One allocation for all of it. */
const join = (json: string, behind: readonly Tensor[], bytes: number): RawResult => {
  const length = Buffer.byteLength(json);
  const data = Buffer.allocUnsafe(length + bytes);
  let offset = data.write(json);
  for (const tensor of behind) offset = writeElements(tensor, data, offset);
  return { data, headers: { [headerNames.inferenceHeaderLength]: String(length) } };
};
