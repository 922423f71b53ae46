import type { ArtifactRef, DomainError, ReportManifest } from '@millrace/contracts';
import { openBench, rowsOf } from '../testing/bench.js';

interface Curves {
  classes: unknown[];
  confusion: number[][];
  curves: {
    class: unknown;
    curves: {
      roc: Record<string, (number | null)[]>;
      pr: Record<string, unknown[]>;
      calibration: { rows: number }[];
    } | null;
  }[];
}

describe('evaluation.evaluate', () => {
  let bench: Awaited<ReturnType<typeof openBench>>;
  let late: { model: ArtifactRef; test: ArtifactRef };
  beforeAll(async () => {
    bench = await openBench();
    const train = await bench.dataset(rowsOf('late', 300));
    late = { model: await bench.model(train, 'late'), test: await bench.dataset(rowsOf('late', 5000, 300)) };
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const reportOf = (outputs: Record<string, unknown>) =>
    bench.artifacts.getJson<ReportManifest>(outputs['report'] as ArtifactRef);

  it('measures a classifier on all held-out rows, beside its baseline, and passes the model through', async () => {
    const { outputs, metrics } = await bench.evaluate(late);
    expect(outputs['model']).toEqual(late.model);
    const report = await reportOf(outputs);
    expect(report).toMatchObject({
      kind: 'evaluation',
      summary: { task: 'binary', label: 'late', estimator: 'logistic', rows: 5000, passed: true, gate: [] },
      lineage: { model: late.model.digest, test: late.test.digest },
    });
    expect(metrics).toEqual({ ...report.metrics, rows: 5000 });
    expect(metrics!['auc']).toBeGreaterThan(0.9);
    expect(metrics!['accuracy']).toBeGreaterThan(metrics!['baseline.accuracy']!);
    expect(metrics!['logLoss']).toBeLessThan(metrics!['baseline.logLoss']!);
    expect(metrics!['baseline.auc']).toBe(0.5);
  });

  it('gives curves as data of at most 200 points, which agree with the metrics', async () => {
    const { body, metrics } = await reportOf((await bench.evaluate(late)).outputs);
    const { classes, confusion, curves } = body as unknown as Curves;
    expect(classes).toEqual([false, true]);
    const right = confusion[0]![0]! + confusion[1]![1]!;
    expect(right / confusion.flat().reduce((sum, n) => sum + n, 0)).toBeCloseTo(metrics!['accuracy']!, 12);
    expect(curves.map((of) => of.class)).toEqual([true]);
    const { roc, pr, calibration } = curves[0]!.curves!;
    const { falsePositiveRate: x, truePositiveRate: y } = roc as Record<string, number[]>;
    expect(x!.length).toBeLessThanOrEqual(200);
    let area = 0;
    for (let i = 1; i < x!.length; i++) area += ((x![i]! - x![i - 1]!) * (y![i]! + y![i - 1]!)) / 2;
    expect(area).toBeCloseTo(metrics!['auc']!, 2);
    expect(pr['precision']!.length).toBeLessThanOrEqual(200);
    expect(calibration.reduce((sum, { rows }) => sum + rows, 0)).toBe(5000);
  });

  it('is the same report for the same inputs', async () => {
    expect((await bench.evaluate(late)).outputs).toEqual((await bench.evaluate(late)).outputs);
  });

  it('measures several classes', async () => {
    const train = await bench.dataset(rowsOf('kind', 300));
    const { outputs, metrics } = await bench.evaluate({
      model: await bench.model(train, 'kind'),
      test: await bench.dataset(rowsOf('kind', 200, 300)),
    });
    const { body } = await reportOf(outputs);
    const { confusion, curves } = body as unknown as Curves;
    expect(confusion).toHaveLength(3);
    expect(curves.map((of) => of.class)).toEqual(['early', 'fine', 'late']);
    expect(metrics!['auc']).toBeGreaterThan(0.8);
  });

  it('measures numbers', async () => {
    const train = await bench.dataset(rowsOf('delay', 300));
    const { outputs, metrics } = await bench.evaluate({
      model: await bench.model(train, 'delay'),
      test: await bench.dataset(rowsOf('delay', 250, 300)),
    });
    expect(metrics!['r2']).toBeGreaterThan(0.8);
    expect(metrics!['rmse']).toBeLessThan(metrics!['baseline.rmse']!);
    expect(metrics!['mae']).toBeLessThanOrEqual(metrics!['rmse']!);
    const { body } = await reportOf(outputs);
    const { residuals } = body as unknown as { residuals: { predicted: number[]; residual: number[] } };
    expect(residuals.residual).toHaveLength(200);
    expect([...residuals.predicted].sort((a, b) => a - b)).toEqual(residuals.predicted);
  });

  it('leaves out what a test set of one class cannot tell, and gates on it fail', async () => {
    const [header, ...rows] = rowsOf('late', 300);
    const test = await bench.dataset([header!, ...rows.filter((row) => row.endsWith('true'))]);
    const { outputs, metrics } = await bench.evaluate({ ...late, test });
    expect(metrics).not.toHaveProperty('auc');
    expect(metrics).toHaveProperty('accuracy');
    const { body } = await reportOf(outputs);
    expect((body as unknown as Curves).curves).toEqual([{ class: true, curves: null }]);
    await expect(
      bench.evaluate({ ...late, test }, { params: { gate: { auc: { min: 0.5 } } } }),
    ).rejects.toMatchObject({
      code: 'gate_failed',
      message: 'there is no auc',
    });
  });

  describe('as a gate', () => {
    const gated = (gate: Record<string, Record<string, number>>) =>
      bench.evaluate(late, { params: { gate } });

    it('lets a model pass that is within', async () => {
      const { outputs } = await gated({ auc: { min: 0.5, max: 1 } });
      expect((await reportOf(outputs)).summary).toMatchObject({
        passed: true,
        gate: [{ metric: 'auc', passed: true }],
      });
    });

    it.each([
      [{ auc: { min: 0.9999 } }, /^auc 0\.9\d+ is below 0\.9999$/],
      [{ logLoss: { max: 0.001 } }, /^logLoss 0\.\d+ is above 0\.001$/],
      [{ auc: { min: 0.9999 }, logLoss: { max: 0.001 } }, /below 0\.9999; logLoss/],
      [{ rmse: { max: 1 } }, /^there is no rmse$/],
      [{ toString: { min: 1 } }, /^there is no toString$/],
    ])('blocks %j, and keeps the report', async (gate, message) => {
      const error = await gated(gate).then(
        () => Promise.reject(new Error('it passed')),
        (thrown: DomainError) => thrown,
      );
      expect(error).toMatchObject({
        code: 'gate_failed',
        retryable: false,
        message: expect.stringMatching(message),
      });
      const report = await bench.artifacts.getJson<ReportManifest>(error.details!['report'] as ArtifactRef);
      expect(report.summary['passed']).toBe(false);
    });

    it.each([{ auc: {} }, { auc: { min: 'high' } }, { auc: { above: 1 } }])('refuses %j', async (gate) => {
      await expect(gated(gate as never)).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringContaining('params.gate.auc'),
      });
    });
  });

  describe('refuses', () => {
    it('a missing label, naming column and row', async () => {
      const test = await bench.dataset([...rowsOf('late', 10), '100,5,ATL,']);
      await expect(bench.evaluate({ ...late, test })).rejects.toMatchObject({
        code: 'data_invalid',
        details: { reason: 'missing_label', column: 'late', row: 10 },
      });
    });

    it('a class that the model does not know', async () => {
      const train = await bench.dataset(rowsOf('kind', 100));
      const model = await bench.model(train, 'kind');
      const test = await bench.dataset([...rowsOf('kind', 10), '100,5,ATL,unheard']);
      await expect(bench.evaluate({ model, test })).rejects.toMatchObject({
        code: 'data_invalid',
        details: { reason: 'unknown_class', column: 'kind', row: 10 },
      });
    });

    it.each([
      ['distance,hour,late', '100,5,true', 'origin'],
      ['distance,hour,origin', '100,5,ATL', 'late'],
    ])('a dataset of %s', async (header, row, column) => {
      const test = await bench.dataset([header, row]);
      await expect(bench.evaluate({ ...late, test })).rejects.toMatchObject({
        code: 'data_invalid',
        message: expect.stringContaining(`no column '${column}'`),
        details: { port: 'test', column },
      });
    });

    it('more rows than it can hold', async () => {
      const test = await bench.dataset(rowsOf('late', 6001));
      await expect(bench.evaluate({ ...late, test })).rejects.toMatchObject({
        code: 'payload_too_large',
        message: expect.stringContaining('6001 rows'),
        details: { limit: 6000 },
      });
    });

    it('a column of another type', async () => {
      const test = await bench.dataset(['distance,hour,origin,late', 'far,5,ATL,true']);
      await expect(bench.evaluate({ ...late, test })).rejects.toMatchObject({
        code: 'data_invalid',
        details: { reason: 'column_type', column: 'distance' },
      });
    });

    it('a model whose graph does not keep its golden sample', async () => {
      const train = await bench.dataset(rowsOf('late', 300));
      const row = { distance: 100, hour: 5, origin: 'ATL' };
      const golden = { rows: [row], outputs: { probabilities: [[0, 1]] }, tolerance: 1e-5 };
      const model = await bench.model(train, 'late', { golden });
      await expect(bench.evaluate({ ...late, model })).rejects.toMatchObject({ code: 'integrity' });
    });

    it('a model that does not say what it predicts', async () => {
      const model = await bench.model(await bench.dataset(rowsOf('late', 300)), 'late', { label: undefined });
      await expect(bench.evaluate({ ...late, model })).rejects.toMatchObject({ code: 'unsupported' });
    });
  });

  it('ends when it is cancelled', async () => {
    const reason = new Error('cancelled by its run');
    await expect(bench.evaluate(late, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
