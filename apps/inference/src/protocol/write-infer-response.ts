import { headerNames } from '@millrace/contracts';
import type { RawResult } from '@millrace/messaging';
import { binarySize, writeElements } from './binary/write-elements.js';
import { explanationTensors } from '../explain/explanation.js';
import type { Answerer } from './codec.js';
import type { InferCall, RequestedOutput } from './infer-call.js';
import type { ModelInterface } from './model-interface.js';
import type { Feeds, Tensor } from './tensor.js';
import { topClasses } from './top-classes.js';
import { writeValues } from './write-values.js';

/** An Open Inference Protocol v2 response: JSON, and behind it, in the same order, the tensors asked for in binary. */
export const writeInferResponse = (
  { name, version, classes }: Answerer,
  call: Pick<InferCall, 'id' | 'outputs' | 'explanation'> & Partial<Pick<InferCall, 'parameters'>>,
  predicted: Feeds,
  model: ModelInterface,
): RawResult => {
  const { outputs, requested } = withExplanation(call, predicted);
  let json = `{"model_name":"${name}","model_version":"${version}"`;
  if (call.id !== undefined) json += `,"id":${JSON.stringify(call.id)}`;
  json += ',"outputs":[';
  const behind: Tensor[] = [];
  let bytes = 0;
  let separator = '';
  for (const { name: output, binary, top } of requested) {
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

/** Behind what was predicted, in the form that outputs have unless asked for otherwise. */
const withExplanation = (
  { outputs, explanation, parameters }: Parameters<typeof writeInferResponse>[1],
  predicted: Feeds,
): { outputs: Feeds; requested: readonly RequestedOutput[] } => {
  if (!explanation) return { outputs: predicted, requested: outputs };
  const tensors = explanationTensors(explanation);
  const binary = parameters?.binaryOutputs ?? false;
  const more = Object.keys(tensors).map((name) => ({ name, binary, top: 0 }));
  return { outputs: { ...predicted, ...tensors }, requested: [...outputs, ...more] };
};

/** One allocation for all of it. */
const join = (json: string, behind: readonly Tensor[], bytes: number): RawResult => {
  const length = Buffer.byteLength(json);
  const data = Buffer.allocUnsafe(length + bytes);
  let offset = data.write(json);
  for (const tensor of behind) offset = writeElements(tensor, data, offset);
  return { data, headers: { [headerNames.inferenceHeaderLength]: String(length) } };
};
