import type { InferResponse } from '@millrace/contracts';
import { line, openBench, type Bench } from '../testing/bench.js';
import { penguin, putExplainedLine, putIdentity, putPenguins, putTrees, species } from '../testing/models.js';

describe('explanations', () => {
  let bench: Bench;
  let trees: Awaited<ReturnType<typeof putTrees>>;
  beforeAll(async () => {
    bench = await openBench();
    trees = await putTrees(bench.artifacts);
    bench.deployment.want('line', 7, await putExplainedLine(bench.artifacts, { slope: 2, mean: 3 }));
    bench.deployment.want('penguins', 1, await putPenguins(bench.artifacts));
    bench.deployment.want('identity', 1, await putIdentity(bench.artifacts, 'FP32'));
    bench.deployment.want('trees', 1, trees.artifact);
    await bench.start();
    await bench.settled();
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const asked = { parameters: { explain: true } };
  const explanationIn = ({ outputs }: InferResponse) => outputs.find(({ name }) => name === 'explanation');

  it('stand behind the outputs: what each column adds, and the base', async () => {
    expect(await bench.infer('line', { ...line(1, 5), ...asked })).toEqual({
      model_name: 'line',
      model_version: '7',
      outputs: [
        { name: 'prediction', datatype: 'FP32', shape: [2, 1], data: [3, 11] },
        { name: 'explanation', datatype: 'FP64', shape: [2, 2], data: [-4, 7, 4, 7] },
      ],
    });
    const chosen = { ...line(1), ...asked, outputs: [{ name: 'prediction' }] };
    expect((await bench.infer('line', chosen)).outputs.map(({ name }) => name)).toEqual([
      'prediction',
      'explanation',
    ]);
    const not = await bench.infer('line', { ...line(1), parameters: { explain: false } });
    expect(explanationIn(not)).toBeUndefined();
  });

  it('are binary where outputs are', async () => {
    const body = JSON.stringify({ ...line(1, 5), parameters: { explain: true, binary_data_output: true } });
    const { data } = await bench.inferRaw('line', Buffer.from(body), {});
    // The last of the tensors behind the JSON: four doubles.
    const values = Buffer.from(data).subarray(-32);
    expect([0, 8, 16, 24].map((at) => values.readDoubleLE(at))).toEqual([-4, 7, 4, 7]);
  });

  it('say in rows what each column did for each class', async () => {
    const { predictions } = await bench.rows('penguins', { rows: [penguin], explain: true });
    const { explanation } = predictions[0] as {
      explanation: Record<string, { base: number; contributions: Record<string, number> }>;
    };
    expect(Object.keys(explanation)).toEqual(species);
    const scores = species.map((name) => {
      const { base, contributions } = explanation[name]!;
      expect(Object.keys(contributions)).toEqual(Object.keys(penguin));
      return Object.values(contributions).reduce((sum, value) => sum + value, base);
    });
    const exps = scores.map((score) => Math.exp(score));
    const total = exps.reduce((a, b) => a + b);
    const { probabilities } = predictions[0] as { probabilities: Record<string, number> };
    species.forEach((name, i) => expect(probabilities[name]).toBeCloseTo(exps[i]! / total, 5));
  });

  it('are LightGBM’s for trees', async () => {
    const { rows, contributions } = trees.reference;
    const index = rows.findIndex((row) => !row.includes(null));
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 5], data: rows[index]! }];
    const values = explanationIn(await bench.infer('trees', { inputs, ...asked }))!.data as number[];
    contributions[index]![0]!.forEach((expected, i) => expect(values[i]).toBeCloseTo(expected, 5));
  });

  it.each<[string, string, object, string, RegExp]>([
    [
      'of a model that has none',
      'identity',
      { ...line(1), ...asked },
      'unsupported',
      /cannot be explained: it is neither/,
    ],
    [
      'asked for with a word',
      'line',
      { ...line(1), parameters: { explain: 'yes' } },
      'invalid_request',
      /parameters.explain/,
    ],
    [
      'of too many rows',
      'line',
      { ...line(...Array<number>(1_001).fill(1)), ...asked },
      'invalid_request',
      /parameters.explain.*1001 rows/,
    ],
  ])('are refused: %s', async (_, endpoint, body, code, message) => {
    const error = await bench.infer(endpoint, body).then(
      () => undefined,
      (refused: unknown) => refused as { code: string; message: string; details?: unknown },
    );
    expect(error).toMatchObject({ code });
    expect(`${error!.message} ${JSON.stringify(error!.details)}`).toMatch(message);
    // And the model goes on.
    if (endpoint === 'line') expect((await bench.infer('line', line(1))).outputs).toHaveLength(1);
  });

  it('are named where the rows say it wrong', async () => {
    await expect(bench.rows('line', { rows: [{ x: 1 }], explain: 1 })).rejects.toMatchObject({
      code: 'invalid_request',
      details: {
        fields: [{ field: 'explain', message: expect.stringContaining('true or false') as string }],
      },
    });
  });
});
