import {
  headerNames,
  modelMetadata,
  modelStatistics,
  type ArtifactRef,
  type GraphPorts,
} from '@millrace/contracts';
import { NatsStrategy } from '@millrace/messaging';
import { line, openBench, type Bench } from '../testing/bench.js';
import { documentedGraphs, putGraph } from '../testing/graphs.js';
import { penguin, putLine, putPenguins } from '../testing/models.js';

const linePorts: GraphPorts = {
  task: 'regression',
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
    outputs: [{ name: 'prediction', datatype: 'FP32', shape: [-1, 1] }],
  },
};

describe('graphs', () => {
  let bench: Bench;
  let examples: Map<string, string>;
  let models: Record<string, ArtifactRef>;
  beforeAll(async () => {
    bench = await openBench();
    examples = await documentedGraphs();
    const lineOf = (slope: number) => putLine(bench.artifacts, slope);
    models = {
      ...{ 'flight-delay': await lineOf(2), 'cost-of-delay': await lineOf(10) },
      ...{ 'delay-trees': await lineOf(4), 'delay-lines': await lineOf(8) },
      ...{ 'delay-near': await lineOf(1), 'delay-far': await lineOf(5), 'delay-exact': await lineOf(7) },
    };
    await bench.start();
    bench.deployment.want('flight-delay', 1, models['flight-delay']!);
    await bench.settled();
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const serve = async (endpoint: string, source: unknown, endpoints: Record<string, GraphPorts> = {}) => {
    const artifact = await putGraph(bench.artifacts, source, models, endpoints);
    bench.deployment.want(endpoint, 1, artifact);
    await bench.settled();
  };
  const outputsOf = async (endpoint: string, body: object) =>
    Object.fromEntries((await bench.infer(endpoint, body)).outputs.map(({ name, data }) => [name, data]));

  it('chains, as documented', async () => {
    await serve('delay-cost', examples.get('delay-cost'));
    expect(await outputsOf('delay-cost', line(3, 5))).toEqual({ minutes: [7, 11], cost: [71, 111] });
    expect(await bench.client.request(modelMetadata, { endpoint: 'delay-cost' })).toMatchObject({
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
      outputs: [{ name: 'minutes' }, { name: 'cost' }],
    });
  });

  it('averages with weights, as documented', async () => {
    await serve('delay-of-two', examples.get('delay-of-two'));
    expect(await outputsOf('delay-of-two', line(1, 2))).toEqual({ prediction: [6, 11] });
  });

  it('sends each row its own way, as documented, also by parameters', async () => {
    await serve('delay-by-distance', examples.get('delay-by-distance'));
    expect(await outputsOf('delay-by-distance', line(10, 2000, 20, 1000, null))).toEqual({
      prediction: [11, 10_001, 21, 5_001, 1],
    });
    const gold = { ...line(10, 2000), parameters: { tier: 'gold' } };
    expect(await outputsOf('delay-by-distance', gold)).toEqual({ prediction: [71, 14_001] });
    const { predictions } = await bench.rows('delay-by-distance', { rows: [{ x: 1500 }] });
    expect(predictions).toEqual([{ prediction: 7501 }]);
  });

  it('asks endpoints, as documented, on this replica or elsewhere', async () => {
    await serve('delay-and-cost', examples.get('delay-and-cost'), { delay: linePorts });
    const wanted = { 'delay.prediction': [7], 'cost.prediction': [31] };
    expect(await outputsOf('delay-and-cost', line(3))).toEqual(wanted);
    await serve(
      'remote',
      { name: 'g', nodes: { far: { endpoint: 'elsewhere' }, all: { chain: ['far'] } } },
      { far: linePorts },
    );
    const elsewhere = new NatsStrategy({
      client: bench.client,
      service: { name: 'other', version: '0.0.0' },
    });
    const { inferenceHeaderLength: length } = headerNames;
    elsewhere.addRaw('infer', bench.client.subjects.infer('elsewhere'), async (body, context) => {
      const headers = { [length]: context.get(length)! };
      const { data, header } = await bench.inferRaw('flight-delay', body, headers);
      return { data, headers: { [length]: header(length)! } };
    });
    await new Promise<unknown>((resolve) => elsewhere.listen(resolve));
    expect(await outputsOf('remote', line(3, 4))).toEqual({ prediction: [7, 9] });
    await elsewhere.close();
    await expect(bench.infer('remote', line(3))).rejects.toMatchObject({ details: { node: 'far' } });
  });

  it('averages classifiers, and names a node that fails', async () => {
    models['penguins'] = await putPenguins(bench.artifacts);
    const nodes = { a: { model: 'penguins' }, b: { model: 'penguins' } };
    await serve('two', { name: 'g', nodes: { ...nodes, all: { ensemble: ['a', 'b'], combine: 'average' } } });
    bench.deployment.want('one', 1, models['penguins']!);
    await bench.settled();
    const rows = { rows: [penguin, { ...penguin, mass: null }] };
    expect((await bench.rows('two', rows)).predictions).toEqual((await bench.rows('one', rows)).predictions);

    const asked = { ...line(3), parameters: { tier: 7 } };
    const route = { route: [{ when: 'parameters.tier.startsWith("g")', node: 'near' }], default: 'near' };
    await serve('strict', { name: 'g', nodes: { near: { model: 'delay-near' }, pick: route } });
    await expect(bench.infer('strict', asked)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining("node 'pick': the condition route[0] has no value"),
      details: { node: 'pick' },
    });
  });

  it('counts each node', async () => {
    await bench.infer('delay-cost', line(1, 2, 3));
    const { replies } = await bench.client.requestAll(modelStatistics, { endpoint: 'delay-cost' });
    const stats = replies[0]!.model_stats;
    expect(stats.map(({ name }) => name)).toEqual(['delay-cost', 'delay-cost/delay', 'delay-cost/cost']);
    expect(new Set(stats.map(({ inference_count: rows }) => rows)).size).toBe(1);
  });

  it('says why it cannot be loaded, and what fits no longer', async () => {
    const wrong = {
      name: 'g',
      nodes: { a: { model: 'delay-near' }, b: { model: 'penguins' }, c: { chain: ['a', 'b'] } },
    };
    const artifact = await putGraph(bench.artifacts, wrong, models);
    const revision = bench.deployment.want('wrong', 1, artifact);
    await bench.settled();
    expect(bench.deployment.reportOf('wrong', revision)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining("node 'c': input 'bill_length' of 'b'"),
    });
  });

  it('asks no circle for ever', async () => {
    const circle = { name: 'g', nodes: { again: { endpoint: 'circle' }, all: { chain: ['again'] } } };
    await serve('circle', circle, { again: linePorts });
    await expect(bench.infer('circle', line(1))).rejects.toMatchObject({
      code: 'data_invalid',
      message: expect.stringContaining('more than 4 graphs ask each other'),
    });
  });
});
