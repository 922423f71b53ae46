import { jest } from '@jest/globals';
import { join } from 'node:path';
import { openArtifactStore, readDataset } from '@millrace/artifacts';
import { openData } from '@millrace/data';
import { temporaryDirectory } from '@millrace/testing';
import { flights, testData } from '../testing/test-data.js';
import type { FitJob, FitReport } from './fit-job.js';
import { readTransform } from './read-transform.js';
import { trainModel } from './train-model.js';
import { WorkerFitRunner } from './worker-fit-runner.js';

const openJob = async () => {
  const directory = await temporaryDirectory();
  const artifacts = openArtifactStore(join(directory.path, 'artifacts'));
  await using data = await openData();
  const make = testData(artifacts, data, directory.path);
  const train = await make.dataset(flights(300));
  const transform = await readTransform(artifacts, await make.transform(train, 'late'));
  const job: FitJob = {
    train: (await readDataset(artifacts, train)).paths,
    test: null,
    fitted: transform.fitted,
    columns: transform.inputs,
    label: transform.label,
    params: { estimator: 'logistic', l2: 1, maxIterations: 200, tolerance: 1e-6, seed: 1 },
    memoryLimitMb: 256,
  };
  return { job, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
};

// Each thread compiles its sources first, which takes a second or, on a busy machine, many.
jest.setTimeout(90_000);

describe('a fit in a thread of its own', () => {
  let opened: Awaited<ReturnType<typeof openJob>>;
  beforeAll(async () => {
    opened = await openJob();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const signal = new AbortController().signal;

  it('is what it would be in this one, byte by byte, with its reports, and keeps this one free', async () => {
    const [here, there]: [FitReport[], FitReport[]] = [[], []];
    const expected = await trainModel(opened.job, { report: (r) => here.push(r), signal, cancelled: signal });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const actual = await new WorkerFitRunner().fit(opened.job, { report: (r) => there.push(r), signal });
    clearInterval(timer);
    expect({ ...actual, onnx: Buffer.from(actual.onnx) }).toEqual({
      ...expected,
      onnx: Buffer.from(expected.onnx),
    });
    expect(there).toEqual(here);
    // A thread that waits for its worker synchronously, or does its work, has none.
    expect(ticks).toBeGreaterThan(10);
  });

  it('says what was wrong as an error with its code', async () => {
    const job = { ...opened.job, label: { ...opened.job.label, classes: [true, 'other'] } };
    await expect(new WorkerFitRunner().fit(job, { report: () => undefined, signal })).rejects.toMatchObject({
      code: 'data_invalid',
      details: { reason: 'unknown_class', column: 'late' },
    });
  });

  it('stops in the midst of arithmetic when it is cancelled', async () => {
    const stop = new AbortController();
    const params = { ...opened.job.params, maxIterations: 100_000, tolerance: 1e-300 };
    await expect(
      new WorkerFitRunner().fit(
        { ...opened.job, params },
        { report: ({ metrics }) => metrics && stop.abort(), signal: stop.signal },
      ),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('does not begin when it is cancelled already', async () => {
    const signal = AbortSignal.abort();
    await expect(
      new WorkerFitRunner().fit(opened.job, { report: () => undefined, signal }),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
