import type { Feeds } from './tensor.js';
import { writeValues } from './write-values.js';

export interface Answer {
  /** The endpoint: what the protocol calls the model. */
  name: string;
  version: string;
  id: string | undefined;
}

/** An Open Inference Protocol v2 response in JSON, with the named outputs in that order. */
export const writeInferResponse = (answer: Answer, outputs: Feeds, names: Iterable<string>): Uint8Array => {
  let json = `{"model_name":"${answer.name}","model_version":"${answer.version}"`;
  if (answer.id !== undefined) json += `,"id":${JSON.stringify(answer.id)}`;
  json += ',"outputs":[';
  let separator = '';
  for (const name of names) {
    const { type, dims, data } = outputs[name]!;
    json += `${separator}{"name":${JSON.stringify(name)},"datatype":"${type}","shape":[${dims.join()}],"data":[`;
    json += writeValues(type, data);
    json += ']}';
    separator = ',';
  }
  return Buffer.from(`${json}]}`);
};
