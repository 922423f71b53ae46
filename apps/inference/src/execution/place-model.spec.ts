import type { ModelSignature, TensorSpec } from '@millrace/contracts';
import { placeModel } from './place-model.js';

const spec = (...shape: number[]): TensorSpec => ({ name: 'x', datatype: 'FP32', shape });
const signature = (...shape: number[]): ModelSignature => ({ inputs: [spec(...shape)], outputs: [spec(-1)] });
const rows = signature(-1, 30);
const auto = { runner: 'auto', inlineMaxMs: 2 } as const;

describe('placeModel', () => {
  it('keeps a fast model here, with as many rows as hold this thread up no longer than they may', () => {
    const measured = { oneRowMs: 0.05, many: { rows: 64, ms: 0.68 } };
    expect(placeModel(rows, measured, auto)).toEqual({ kind: 'inline', maxRows: 196 });
  });

  it('does not guess far beyond what it measured, nor below one row', () => {
    const free = { oneRowMs: 0.05, many: { rows: 64, ms: 0.05 } };
    expect(placeModel(rows, free, auto)).toEqual({ kind: 'inline', maxRows: 1024 });
    const steep = { oneRowMs: 1.9, many: { rows: 10, ms: 190 } };
    expect(placeModel(rows, steep, auto)).toEqual({ kind: 'inline', maxRows: 1 });
  });

  it('puts a slow one into a thread', () => {
    const measured = { oneRowMs: 50, many: { rows: 2, ms: 100 } };
    expect(placeModel(rows, measured, auto)).toEqual({ kind: 'thread', maxRows: Infinity });
  });

  it.each([
    ['of rows that are not apart', rows, { oneRowMs: 0.05 }],
    ['of another variable size', signature(-1, -1), { oneRowMs: 0.05, many: { rows: 64, ms: 1 } }],
    ['that could not be measured', rows, undefined],
  ])('puts a model %s into a process: nobody knows what the next request costs', (_, shape, measured) => {
    expect(placeModel(shape, measured, auto).kind).toBe('process');
  });

  it('keeps a model of fixed shape here: each request costs the same', () => {
    const placed = placeModel(signature(4, 30), { oneRowMs: 0.1 }, auto);
    expect(placed).toEqual({ kind: 'inline', maxRows: Infinity });
  });

  it('does as it is told', () => {
    const slow = { oneRowMs: 50, many: { rows: 2, ms: 100 } };
    for (const runner of ['inline', 'thread', 'process'] as const)
      expect(placeModel(rows, slow, { ...auto, runner }).kind).toBe(runner);
  });
});
