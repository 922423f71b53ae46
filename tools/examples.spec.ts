import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipelineSchema, type InferRequest, type RowsRequest } from '@millrace/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const examples = resolve(import.meta.dirname, '../examples');
const names = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const text = (...path: string[]): string => readFileSync(join(examples, ...path), 'utf8');

/** How a value of a row stands in a tensor: times as epoch milliseconds, a missing string as ''. */
const inTensor = (value: unknown, datatype: string): unknown => {
  if (datatype === 'INT64' && typeof value === 'string') return Date.parse(value);
  return value ?? (datatype === 'BYTES' ? '' : null);
};

describe.each(names)('the example %s', (name) => {
  it('is a pipeline', () => {
    const validate = new Ajv2020({ strict: false }).compile(pipelineSchema);
    validate(parse(text(name, 'pipeline.yaml')));
    expect(validate.errors).toBeNull();
  });

  it('asks the same in both of its sample requests', () => {
    const { rows } = JSON.parse(text(name, 'request.json')) as RowsRequest;
    const { inputs } = JSON.parse(text(name, 'request.oip.json')) as InferRequest;
    expect(inputs.map((input) => input.name)).toEqual(Object.keys(rows[0]!));
    for (const input of inputs) {
      expect(input.shape).toEqual([rows.length, 1]);
      expect(input.data).toEqual(rows.map((row) => inTensor(row[input.name], input.datatype)));
    }
  });

  it('says what it predicts, why nothing leaks and what to expect', () => {
    for (const heading of ['What it predicts.', 'Why nothing leaks.', 'What to expect.'])
      expect(text(name, 'README.md')).toContain(heading);
  });
});
