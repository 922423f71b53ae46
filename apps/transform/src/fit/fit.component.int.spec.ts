import { runComponent } from '@millrace/component';
import type { ArtifactRef, JsonValue, TransformManifest } from '@millrace/contracts';
import { applyPreprocessing, type FittedPreprocessing } from '@millrace/ml';
import { columnsToFeeds, loadModel } from '@millrace/onnx';
import { readDataset } from '@millrace/artifacts';
import { openBench, type Bench } from '../testing/bench.js';
import { FitComponent } from './fit.component.js';

const csv = `date,distance,origin,flag,empty,late
2020-01-06T05:00:00Z,100,ATL,true,,true
2020-01-07T06:00:00Z,200,JFK,false,,false
2020-01-08T05:00:00Z,,ATL,true,,true
2020-01-09T07:00:00Z,400,SFO,,,false
`;

describe('transform.fit', () => {
  let bench: Bench;
  let train: ArtifactRef;
  beforeAll(async () => {
    bench = await openBench();
    train = await bench.dataset(csv);
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const run = (params: { [name: string]: JsonValue }, dataset = train) =>
    runComponent(new FitComponent(bench.data), {
      artifacts: bench.artifacts,
      inputs: { train: dataset },
      params,
    });
  const fit = async (params: { [name: string]: JsonValue }) => {
    const { outputs, ...more } = await run(params);
    const manifest = await bench.artifacts.getJson<TransformManifest>(outputs.transform as ArtifactRef);
    return { outputs, manifest, ...more };
  };

  const declared: JsonValue = {
    date: [{ dateParts: ['hour', 'weekday'] }, { oneHot: {} }],
    distance: [{ impute: 'median' }, { scale: 'standard' }],
    origin: [{ oneHot: { maxCategories: 2 } }],
  };

  it('fits declared steps, and finds task and classes of the label', async () => {
    const { manifest, metrics } = await fit({ label: 'late', columns: declared });
    expect(manifest).toMatchObject({
      kind: 'transform',
      inputs: [
        { name: 'date', type: 'timestamp' },
        { name: 'distance', type: 'integer' },
        { name: 'origin', type: 'string' },
      ],
      label: { name: 'late', type: 'boolean', task: 'binary', classes: [false, true] },
      lineage: { component: 'transform.fit', train: train.digest },
    });
    expect(manifest.features).toEqual([
      ...['date.hour=5', 'date.hour=6', 'date.hour=7'],
      ...['date.weekday=1', 'date.weekday=2', 'date.weekday=3', 'date.weekday=4'],
      ...['distance', 'origin=ATL', 'origin=JFK'],
    ]);
    expect(metrics).toEqual({ rows: 4, columns: 3, features: 10 });
  });

  it('takes all columns but the label and those dropped, leaves out empty ones, and says so', async () => {
    const { manifest, log } = await fit({ label: 'late', drop: ['date'] });
    expect(manifest.inputs.map(({ name }) => name)).toEqual(['distance', 'origin', 'flag']);
    expect(log).toContainEqual({ level: 'warn', message: expect.stringContaining('empty') });
  });

  it('is reproducible', async () => {
    expect((await run({ label: 'late' })).outputs).toEqual((await run({ label: 'late' })).outputs);
  });

  it('knows regression by the label, and does what it is told', async () => {
    expect(
      (await fit({ label: 'distance', drop: ['empty', 'late'], task: 'auto' }).catch(
        (e: unknown) => e,
      )) as object,
    ).toMatchObject({ code: 'data_invalid', message: expect.stringContaining('distance') });
    const numbers = await bench.dataset('y,x\n1,1\n2,2\n3,3\n');
    const label = async (task: string) => {
      const { outputs } = await run({ label: 'y', task }, numbers);
      return (await bench.artifacts.getJson<TransformManifest>(outputs.transform as ArtifactRef)).label;
    };
    expect(await label('auto')).toEqual({ name: 'y', type: 'integer', task: 'regression' });
    expect(await label('multiclass')).toMatchObject({ task: 'multiclass', classes: [1, 2, 3] });
  });

  it('exports an ONNX graph that yields the same features', async () => {
    const { manifest, outputs } = await fit({ label: 'late', columns: declared });
    const { paths } = await readDataset(bench.artifacts, train);
    const table = await bench.data.readTable(paths);
    const expected = applyPreprocessing(manifest.fitted as unknown as FittedPreprocessing, table);
    await using model = await loadModel(await bench.artifacts.get(outputs.onnx as ArtifactRef));
    const { features } = await model.run(columnsToFeeds(model.signature, table));
    expect(features!.dims).toEqual([4, 10]);
    const difference = [...(features!.data as Float32Array)].map((x, i) => Math.abs(x - expected.values[i]!));
    expect(Math.max(...difference)).toBeLessThan(1e-6);
  });

  it.each([
    [{ label: 'later' }, 'invalid_request', "no column 'later'; there are date, distance"],
    [
      { label: 'late', columns: { altitude: [{ scale: 'standard' }] } },
      'invalid_request',
      "no column 'altitude'",
    ],
    [{ label: 'late', drop: ['altitude'] }, 'invalid_request', 'params.drop[0]'],
    [{ label: 'late', columns: { late: [{ impute: 'mean' }] } }, 'invalid_request', 'give the answer away'],
    [{ label: 'late', columns: { flag: [] }, drop: ['flag'] }, 'invalid_request', 'is dropped'],
    [
      { label: 'late', drop: ['date', 'distance', 'origin', 'flag', 'empty'] },
      'invalid_request',
      'no column is left',
    ],
    [{ label: 'late', columns: { origin: [{ scale: 'standard' }] } }, 'invalid_request', "column 'origin'"],
    [{ label: 'late', columns: { origin: [{ hash: 3 }] } }, 'invalid_request', 'params.columns.origin[0]'],
    [{ label: 'late', columns: { empty: [{ oneHot: {} }] } }, 'data_invalid', "column 'empty' has no values"],
    [{ label: 'flag' }, 'data_invalid', "the label 'flag' is missing"],
    [{ label: 'late', task: 'guess' }, 'invalid_request', 'params.task'],
    [{ label: 'origin', task: 'binary' }, 'data_invalid', 'not two'],
    [{ label: 'origin', task: 'regression' }, 'data_invalid', "'origin'"],
    [{ label: 'date' }, 'data_invalid', "'date' is a timestamp"],
  ])('refuses %j', async (params, code, message) => {
    await expect(run(params as never)).rejects.toMatchObject({
      code,
      retryable: false,
      message: expect.stringContaining(message),
    });
  });

  it('refuses a label of one class', async () => {
    const one = await bench.dataset('y,x\na,1\na,2\n');
    await expect(run({ label: 'y' }, one)).rejects.toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('class'),
    });
  });
});
