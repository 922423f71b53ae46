import { features, sampleRow } from './models.js';

/** Open Inference Protocol v2 in JSON, one row. The same bytes for every server. */
export const oneRow = Buffer.from(
  JSON.stringify({ inputs: [{ name: 'x', shape: [1, features], datatype: 'FP32', data: sampleRow() }] }),
);

const batchOf = (rows: number): Float32Array =>
  Float32Array.from({ length: rows }, (_, i) => i).reduce(
    (all, row) => (all.set(sampleRow(11 + row), row * features), all),
    new Float32Array(rows * features),
  );

export const jsonBatch = (rows: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      inputs: [
        {
          name: 'x',
          shape: [rows, features],
          datatype: 'FP32',
          data: [...batchOf(rows)].map((x) => Number(x.toFixed(6))),
        },
      ],
    }),
  );

/** The binary form: a JSON header, whose length goes into `Inference-Header-Content-Length`, then little-endian floats. */
export const binaryBatch = (rows: number): { body: Buffer; headerLength: number } => {
  const data = batchOf(rows);
  const header = Buffer.from(
    JSON.stringify({
      inputs: [
        {
          ...{ name: 'x', shape: [rows, features], datatype: 'FP32' },
          parameters: { binary_data_size: data.byteLength },
        },
      ],
      parameters: { binary_data_output: true },
    }),
  );
  return { body: Buffer.concat([header, Buffer.from(data.buffer)]), headerLength: header.length };
};

/** @throws when it is not the answer that ONNX Runtime itself gives: a fast wrong server is none. */
export const checkAnswer = (who: string, body: Uint8Array, expected: readonly number[]): void => {
  const text = Buffer.from(body).toString();
  const answer = JSON.parse(text) as { outputs?: { name: string; data: unknown[] }[] };
  const given = answer.outputs?.find(({ name }) => name === 'probabilities')?.data.flat();
  const right =
    given?.length === expected.length && given.every((p, i) => Math.abs(Number(p) - expected[i]!) < 1e-4);
  if (!right) throw new Error(`${who} answered ${text.slice(0, 300)}, not ${expected.join(', ')}`);
};
