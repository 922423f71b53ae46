import { loadVerified } from '@millrace/onnx';
import { flights } from '../testing/test-data.js';
import { openBench } from '../testing/bench.js';

describe('training.fit', () => {
  let bench: Awaited<ReturnType<typeof openBench>>;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const makeFlights = async () => {
    const train = await bench.dataset(flights(400));
    const test = await bench.dataset(flights(150, 400));
    return { train, test, transform: await bench.transform(train, 'late') };
  };
  let made: ReturnType<typeof makeFlights> | undefined;
  const flightInputs = () => (made ??= makeFlights());

  it('makes a model whose graph agrees with its trainer on every held-out row, and on its golden rows', async () => {
    const { outputs, metrics } = await bench.fit(await flightInputs());
    const manifest = await bench.manifestOf(outputs);
    expect(manifest).toMatchObject({
      kind: 'model',
      task: 'binary',
      classes: [false, true],
      label: { name: 'late', type: 'boolean' },
      estimator: { name: 'logistic', params: { l2: 1, seed: 1 } },
      parity: { rows: 150, tolerance: 1e-5 },
    });
    expect(manifest.parity.maxAbsoluteDifference).toBeLessThan(1e-6);
    expect(manifest.signature.inputs.map(({ name, column }) => [name, column])).toEqual([
      ['date', 'timestamp'],
      ['distance', 'integer'],
      ['origin', 'string'],
    ]);
    const bytes = await bench.artifacts.get(manifest.onnx);
    await using model = await loadVerified(bytes, manifest);
    expect(model.signature).toEqual(manifest.signature);
    expect(metrics!['auc']).toBeGreaterThan(0.8);
    expect(metrics!['logLoss']).toBeLessThan(metrics!['baseline.logLoss']!);
    expect(metrics).toMatchObject({ 'baseline.auc': 0.5, 'rows.train': 400, 'rows.test': 150 });
  });

  it('keeps golden rows of the awkward kind', async () => {
    const { golden } = await bench.manifestOf((await bench.fit(await flightInputs())).outputs);
    expect(golden.rows.length).toBeLessThanOrEqual(32);
    expect(golden.rows).toContainEqual({ date: null, distance: null, origin: null });
    expect(golden.rows.some(({ origin }) => origin === 'never seen ☃')).toBe(true);
    expect(golden.rows.some(({ date }) => typeof date === 'string' && date < '1970')).toBe(true);
    expect(golden.outputs['probabilities']).toHaveLength(golden.rows.length);
  });

  it('is the same model for the same inputs, and keeps one record per step', async () => {
    const inputs = await flightInputs();
    const task = { run: 'again', step: 'train' };
    const first = await bench.fit(inputs, { task });
    const before = await bench.experiments.get({ id: 'again.train' });
    expect((await bench.fit(inputs, { task })).outputs).toEqual(first.outputs);
    const { items } = await bench.experiments.list({});
    expect(items.filter(({ run }) => run === 'again')).toHaveLength(1);
    expect(before).toMatchObject({
      run: 'again',
      step: 'train',
      estimator: 'logistic',
      params: { l2: 1 },
      model: first.outputs['model'],
      inputs: { train: inputs.train.digest, test: inputs.test.digest },
    });
    expect(before.curve.map(({ iteration }) => iteration)).toEqual(before.curve.map((_, i) => i + 1));
  });

  it('reports the loss of each iteration', async () => {
    const { progress } = await bench.fit(await flightInputs());
    expect(progress.at(-1)).toMatchObject({ message: expect.stringContaining('checking') });
    const fractions = progress.map(({ fraction }) => fraction!);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('fits several classes, and numbers', async () => {
    const lines = ['size,kind,weight,species'];
    for (let i = 0; i < 90; i++)
      lines.push(`${i % 30},${'xyz'[i % 3]},${3000 + 10 * (i % 30) + (i % 7)},${'abc'[((i % 30) / 10) | 0]}`);
    const train = await bench.dataset(lines);
    const classes = await bench.fit({ train, transform: await bench.transform(train, 'species') });
    expect(await bench.manifestOf(classes.outputs)).toMatchObject({
      task: 'multiclass',
      classes: ['a', 'b', 'c'],
      parity: { rows: 90 },
      metrics: { 'train.accuracy': expect.any(Number) },
    });
    expect(classes.metrics).not.toHaveProperty('auc');
    const numbers = await bench.fit(
      { train, test: train, transform: await bench.transform(train, 'weight') },
      { params: { estimator: 'linear', l2: 0 } },
    );
    const manifest = await bench.manifestOf(numbers.outputs);
    expect(manifest.signature.outputs).toEqual([{ name: 'prediction', datatype: 'FP32', shape: [-1, 1] }]);
    expect(manifest.metrics['r2']).toBeGreaterThan(0.99);
    expect(manifest.metrics['baseline.r2']).toBeCloseTo(0, 6);
    expect(manifest.baseline).toEqual({ prediction: expect.any(Number) });
  });

  it('warns when it did not converge', async () => {
    const { log } = await bench.fit(await flightInputs(), { params: { maxIterations: 1 } });
    expect(log).toContainEqual({ level: 'warn', message: 'not converged after 1 iterations' });
  });

  describe('refuses', () => {
    const small = ['x,y', ...Array.from({ length: 20 }, (_, i) => `${i},${i % 3 === 0}`)];
    const inputsOf = async (lines: string[], fittedOn = small) => ({
      train: await bench.dataset(lines),
      transform: await bench.transform(await bench.dataset(fittedOn), 'y'),
    });
    const refused = (inputs: Awaited<ReturnType<typeof inputsOf>>, params = {}) =>
      bench.fit(inputs, { params }).then(
        () => Promise.reject(new Error('it was fitted')),
        (error: unknown) => error,
      );

    it('a missing target, naming column and row', async () => {
      expect(await refused(await inputsOf([...small, '5,']))).toMatchObject({
        code: 'data_invalid',
        retryable: false,
        details: { reason: 'missing_label', column: 'y', row: 20 },
      });
    });

    it('a NaN target of a regression', async () => {
      const numbers = ['x,y', ...Array.from({ length: 20 }, (_, i) => `${i},${i / 2}`)];
      const inputs = await inputsOf([...numbers, '5,nan'], numbers);
      expect(await refused(inputs, { estimator: 'linear' })).toMatchObject({
        code: 'data_invalid',
        details: { reason: 'missing_label', column: 'y', row: 20 },
      });
    });

    it('a single class', async () => {
      expect(await refused(await inputsOf(['x,y', '1,true', '2,true']))).toMatchObject({
        code: 'data_invalid',
        details: { reason: 'single_class' },
      });
    });

    it('a class that the transform has not seen', async () => {
      const words = (of: string[]) => ['x,y', ...of.map((word, i) => `${i},${word}`)];
      expect(await refused(await inputsOf(words(['a', 'b', 'c']), words(['a', 'b', 'a'])))).toMatchObject({
        code: 'data_invalid',
        details: { reason: 'unknown_class', column: 'y', row: 2 },
      });
    });

    it('a dataset without the label', async () => {
      expect(await refused(await inputsOf(['x,z', '1,true']))).toMatchObject({
        code: 'data_invalid',
        message: expect.stringContaining("no column 'y'"),
        details: { port: 'train', column: 'y' },
      });
    });

    it('a dataset without a column that the transform reads', async () => {
      expect(await refused(await inputsOf(['z,y', '1,true']))).toMatchObject({
        code: 'data_invalid',
        details: { port: 'train', column: 'x' },
      });
    });

    it('more rows than it can hold', async () => {
      const rows = Array.from({ length: 1001 }, (_, i) => `${i},${i % 2 === 0}`);
      expect(await refused(await inputsOf(['x,y', ...rows]))).toMatchObject({
        code: 'payload_too_large',
        message: expect.stringContaining('1001 rows'),
        details: { port: 'train', limit: 1000 },
      });
    });

    it('a column of another type', async () => {
      expect(await refused(await inputsOf(['x,y', 'one,true', 'two,false']))).toMatchObject({
        code: 'data_invalid',
        details: { reason: 'column_type', column: 'x' },
      });
    });

    it('an estimator for another task', async () => {
      expect(await refused(await inputsOf(small), { estimator: 'linear' })).toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'params.estimator' }] },
      });
    });

    it.each([{ estimator: 'forest' }, { l2: -1 }, { tolerance: 0 }, { maxIterations: 0 }, { depth: 3 }])(
      'params %j',
      async (params) => {
        const [name] = Object.keys(params);
        expect(await refused(await inputsOf(small), params)).toMatchObject({
          code: 'invalid_request',
          message: expect.stringContaining(`params.${name}`),
        });
      },
    );

    it('a transform that is none', async () => {
      const { train } = await inputsOf(small);
      const transform = await bench.artifacts.putJson({ kind: 'transform' }, { type: 'transform' });
      expect(await refused({ train, transform })).toMatchObject({ code: 'integrity' });
    });
  });

  it('ends when it is cancelled', async () => {
    const reason = new Error('cancelled by its run');
    const stop = new AbortController();
    stop.abort(reason);
    await expect(bench.fit(await flightInputs(), { signal: stop.signal })).rejects.toBe(reason);
  });
});
