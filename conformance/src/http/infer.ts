import assert from 'node:assert/strict';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { InferResponse } from '@millrace/contracts';
import { Skipped } from '../suite/case.js';
import type { HttpServer, Reply } from './http-server.js';

export interface Question {
  model: string;
  version?: string;
  /** An object, or the text of it. */
  json: object | string;
  /** Behind the JSON, in this order. */
  binary?: readonly Buffer[];
  headers?: Record<string, string>;
}

export interface Answer extends InferResponse {
  /** As it was sent. */
  text: string;
  /** By output. */
  binary: Record<string, Buffer>;
}

export const inferPath = (model: string, version?: string): string =>
  `/v2/models/${model}${version === undefined ? '' : `/versions/${version}`}/infer`;

const headerName = 'Inference-Header-Content-Length';

/** Sends it as it is: mistakes too. */
export const ask = (
  server: HttpServer,
  { model, version, json, binary, headers }: Question,
): Promise<Reply> => {
  const head = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  return server.post(inferPath(model, version), {
    body: Buffer.concat([head, ...(binary ?? [])]),
    headers: { ...(binary ? { [headerName]: String(head.length) } : {}), ...headers },
  });
};

/** @throws Skipped when the server has no such model */
export const infer = async (server: HttpServer, question: Question): Promise<Answer> =>
  readAnswer(await ask(server, question), question.model);

export const readAnswer = (reply: Reply, model: string): Answer => {
  if (reply.status === 404) throw new Skipped(`the server has no model ${model}`);
  assert.equal(reply.status, 200, `${reply.status} ${reply.text.slice(0, 300)}`);
  const body = inflated(reply);
  const length = reply.header(headerName);
  const end = length === undefined ? body.length : Number(length);
  const text = body.toString('utf8', 0, end);
  const json = JSON.parse(text) as InferResponse;
  assert.equal(json.model_name, model);
  assert.ok(Array.isArray(json.outputs), 'outputs is an array');
  return { ...json, text, binary: splitTensors(json, body.subarray(end)) };
};

const inflated = ({ header, body }: Reply): Buffer => {
  const encoding = header('Content-Encoding');
  if (encoding === undefined || encoding === 'identity') return body;
  return encoding === 'gzip' ? gunzipSync(body) : inflateSync(body);
};

const splitTensors = ({ outputs }: InferResponse, rest: Buffer): Record<string, Buffer> => {
  const tensors: Record<string, Buffer> = {};
  let at = 0;
  for (const { name, parameters, data } of outputs) {
    const size = parameters?.['binary_data_size'] as number | undefined;
    assert.equal(size === undefined, data !== undefined, `output ${name} is either in the JSON or behind it`);
    if (size === undefined) continue;
    tensors[name] = rest.subarray(at, at + size);
    assert.equal(tensors[name].length, size, `output ${name} has the bytes that it says`);
    at += size;
  }
  assert.equal(at, rest.length, 'no bytes are left over');
  return tensors;
};

/** @param status one of these */
export const expectError = ({ status, text }: Reply, ...statuses: number[]): string => {
  assert.ok(
    statuses.includes(status),
    `status ${status}, not ${statuses.join(' or ')}: ${text.slice(0, 200)}`,
  );
  const said = JSON.parse(text) as { error?: unknown };
  assert.equal(typeof said.error, 'string', `the body is {"error": "…"}, not ${text.slice(0, 200)}`);
  assert.notEqual(said.error, '', 'the error says something');
  return said.error as string;
};
