import type { DomainError, PipelineDefinition } from '@millrace/contracts';
import { parseParams } from './parse-params.js';

const declared: PipelineDefinition['params'] = {
  rows: { type: 'integer' },
  name: { type: 'string' },
  gate: { type: 'object' },
  fast: { type: 'boolean' },
};

describe('--param', () => {
  it('has the type that the pipeline declares', () => {
    expect(parseParams(['rows=5', 'name=5', 'gate={"auc":0.6}', 'fast=true'], declared)).toEqual({
      rows: 5,
      name: '5',
      gate: { auc: 0.6 },
      fast: true,
    });
  });

  it('may hold anything after the first =', () => {
    expect(parseParams(['name=a=b\nc', 'rows='], declared)).toEqual({ name: 'a=b\nc', rows: '' });
  });

  it('leaves what does not fit to the orchestrator', () => {
    expect(parseParams(['rows=many'], declared)).toEqual({ rows: 'many' });
  });

  it('names every mistake', () => {
    let thrown: unknown;
    try {
      parseParams(['rows', '=1', 'colour=red', '__proto__=1'], declared);
    } catch (error) {
      thrown = error;
    }
    expect((thrown as DomainError).details?.fields).toEqual([
      { field: '--param', message: "'rows' is not name=value" },
      { field: '--param', message: "'=1' is not name=value" },
      {
        field: 'params.colour',
        message: 'the pipeline has no such parameter; it has rows, name, gate, fast',
      },
      { field: 'params.__proto__', message: expect.stringContaining('no such parameter') as string },
    ]);
  });
});
