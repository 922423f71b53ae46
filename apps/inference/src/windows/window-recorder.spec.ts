import { ColumnSketch, QuantileSketch, type ColumnSketchJson, type QuantileSketchJson } from '@millrace/ml';
import type { Feeds } from '../protocol/tensor.js';
import type { SketchedModel } from './sketched-columns.js';
import { WindowRecorder } from './window-recorder.js';

const model: SketchedModel = {
  task: 'binary',
  classes: ['no', 'yes'],
  signature: {
    inputs: [
      { name: 'mass', datatype: 'FP32', shape: [-1, 1], column: 'number' },
      { name: 'island', datatype: 'BYTES', shape: [-1, 1], column: 'string' },
    ],
    outputs: [
      { name: 'label', datatype: 'INT64', shape: [-1] },
      { name: 'probabilities', datatype: 'FP32', shape: [-1, 2] },
    ],
  },
};
const inputs: Feeds = {
  mass: { type: 'FP32', dims: [2, 1], data: new Float32Array([10, NaN]) },
  island: { type: 'BYTES', dims: [2, 1], data: ['Dream', ''] },
};
const outputs: Feeds = {
  label: { type: 'INT64', dims: [2], data: new BigInt64Array([1n, 0n]) },
  probabilities: { type: 'FP32', dims: [2, 2], data: new Float32Array([0.25, 0.75, 0.5, 0.5]) },
};
const source = { endpoint: 'penguins', model: 'penguins', version: 3, replica: 'r1' };
const recorder = (rowsPerSecond = 1000) => new WindowRecorder(source, model, rowsPerSecond);
const summary = (sketch: unknown) => ColumnSketch.fromJSON(sketch as ColumnSketchJson).summary();

describe('WindowRecorder', () => {
  it('counts and sketches inputs, classes and probabilities', () => {
    const r = recorder();
    r.succeeded(inputs, outputs, 2, 100, 104);
    r.failed(true);
    r.failed(false);
    const window = r.close()!;
    expect(window).toMatchObject({ ...source, requests: 3, rows: 2, errors: 2, faults: 1 });
    expect(QuantileSketch.fromJSON(window.latency as QuantileSketchJson).quantile(0.5)).toBeCloseTo(4, 1);
    const { sketches } = window;
    expect(Object.keys(sketches)).toEqual([
      'mass',
      'island',
      'label',
      'probabilities.no',
      'probabilities.yes',
    ]);
    expect(summary(sketches['mass'])).toMatchObject({ count: 1, missing: 1, mean: 10 });
    expect(summary(sketches['island'])).toMatchObject({ missing: 1, top: [{ value: 'Dream', count: 1 }] });
    expect(summary(sketches['label'])).toMatchObject({
      count: 2,
      top: expect.arrayContaining([{ value: 'yes', count: 1 }]),
    });
    expect(summary(sketches['probabilities.yes'])).toMatchObject({ mean: 0.625, min: 0.5, max: 0.75 });
  });

  it('begins anew after closing, and says nothing of a quiet time', () => {
    const r = recorder();
    expect(r.close()).toBeUndefined();
    r.succeeded(inputs, outputs, 2, 0, 1);
    const first = r.close()!;
    expect(r.close()).toBeUndefined();
    r.succeeded(inputs, outputs, 2, 0, 1);
    const later = r.close()!;
    expect(later).toMatchObject({ requests: 1, rows: 2 });
    expect(later.from >= first.to).toBe(true);
  });

  it('takes the smallest INT64 of a timestamp for missing', () => {
    const signature = {
      inputs: [{ name: 'at', datatype: 'INT64', shape: [-1, 1], column: 'timestamp' as const }],
      outputs: [],
    };
    const r = new WindowRecorder(source, { task: 'regression', signature }, 1000);
    const data = new BigInt64Array([5n, -(2n ** 63n)]);
    r.succeeded({ at: { type: 'INT64', dims: [2, 1], data } }, {}, 2, 0, 1);
    expect(summary(r.close()!.sketches['at'])).toMatchObject({ count: 1, missing: 1, mean: 5 });
  });

  it('survives the wire', () => {
    const r = recorder();
    r.succeeded(inputs, outputs, 2, 0, 1);
    const window = JSON.parse(JSON.stringify(r.close())) as { sketches: Record<string, unknown> };
    expect(summary(window.sketches['mass'])).toMatchObject({ mean: 10 });
  });

  it('sketches a sample at high rates, and counts all', () => {
    const r = recorder(10);
    for (let i = 0; i < 1000; i++) r.succeeded(inputs, outputs, 2, i, i);
    for (let i = 0; i < 1000; i++) r.succeeded(inputs, outputs, 2, i, 1000 + i);
    const window = r.close()!;
    expect(window).toMatchObject({ requests: 2000, rows: 4000 });
    const { count, missing } = summary(window.sketches['mass']);
    expect(count + missing).toBeGreaterThan(20);
    expect(count + missing).toBeLessThan(150);
  });

  it('samples the rows of one large request', () => {
    const rows = 5000;
    const mass = { type: 'FP32' as const, dims: [rows, 1], data: new Float32Array(rows).fill(1) };
    const r = recorder(100);
    r.succeeded({ mass }, {}, rows, 0, 1);
    expect(summary(r.close()!.sketches['mass'])).toMatchObject({ count: 100 });
  });
});
