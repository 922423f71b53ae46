import { DomainError, type GraphPorts } from '@millrace/contracts';
import { compileGraph, readGraph } from '@millrace/pipeline/inference-graph';
import type { QueuedRun } from '../execution/queued-run.js';
import type { Feeds } from '../protocol/tensor.js';
import { runNode } from './run-node.js';

const ports: GraphPorts = {
  task: 'regression',
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
    outputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
  },
};
const feedsOf = (...values: number[]): Feeds => ({
  x: { type: 'FP32', dims: [values.length, 1], data: Float32Array.from(values) },
});
type Run = (request: QueuedRun) => Promise<Feeds>;
const plus =
  (n: number): Run =>
  async ({ feeds }) =>
    feedsOf(...[...(feeds['x']!.data as Float32Array)].map((value) => value + n));

const start = (node: object, runs: Record<string, Run>, feeds: Feeds, more: Partial<QueuedRun> = {}) => {
  const models = Object.fromEntries(Object.keys(runs).map((name) => [name, { model: 'm' }]));
  const { definition } = readGraph({ name: 'g', nodes: { ...models, all: node } });
  const root = compileGraph(definition, new Map(Object.keys(runs).map((name) => [name, ports])));
  const leaves = new Map(Object.entries(runs).map(([name, run]) => [name, { batchable: true, run }]));
  const request = { feeds, rows: feeds['x']!.dims[0]!, ...more };
  return runNode(root, feeds, { leaves, request, abandoned: { yes: false }, hops: 1 });
};

describe('runNode', () => {
  it('hands deadline, priority and parameters to every node', async () => {
    const seen: QueuedRun[] = [];
    const note: Run = (request) => plus(1)(request).finally(() => seen.push(request));
    const more = { expiresAt: performance.now() + 60_000, priority: 3, parameters: { tier: 'gold' } };
    const { x } = await start({ chain: ['a', 'b'] }, { a: note, b: note }, feedsOf(1, 2), more);
    expect([...x!.data]).toEqual([3, 4]);
    expect(seen).toMatchObject([more, { ...more, rows: 2, hops: 1 }]);
  });

  it('begins nothing after the deadline', async () => {
    const ran: string[] = [];
    const expiresAt = performance.now() + 20;
    const late: Run = async (request) => {
      while (performance.now() <= expiresAt);
      return plus(1)(request);
    };
    const b: Run = async (request) => (ran.push('b'), plus(1)(request));
    await expect(
      start({ chain: ['a', 'b'] }, { a: late, b }, feedsOf(1), { expiresAt }),
    ).rejects.toMatchObject({
      code: 'deadline_exceeded',
      message: expect.stringContaining("node 'b'"),
    });
    expect(ran).toEqual([]);
  });

  it('names the node that failed, and gives up what is not needed any more', async () => {
    let abandoned: QueuedRun['abandoned'];
    const fails: Run = () => Promise.reject(new DomainError('overloaded', 'too many'));
    const waits: Run = async (request) => {
      abandoned = request.abandoned;
      await new Promise(setImmediate);
      throw new DomainError('cancelled', 'given up');
    };
    await expect(
      start({ ensemble: ['a', 'b'], combine: 'each' }, { a: waits, b: fails }, feedsOf(1)),
    ).rejects.toMatchObject({
      code: 'overloaded',
      retryable: true,
      message: "node 'b': too many",
      details: { node: 'b' },
    });
    expect(abandoned).toEqual({ yes: true });
  });

  const byRow = { route: [{ when: 'inputs.x > 10.0', node: 'b' }], default: 'a' };

  it('sends rows their ways together, and gives them back in order', async () => {
    const rows: number[] = [];
    const note =
      (n: number): Run =>
      (request) => (rows.push(request.rows), plus(n)(request));
    const { x } = await start(byRow, { a: note(1), b: note(100) }, feedsOf(1, 20, 2, 30, 3));
    expect([...x!.data]).toEqual([2, 120, 3, 130, 4]);
    expect(rows).toEqual([3, 2]);
  });

  it('refuses answers that are not one for each row', async () => {
    const one: Run = async () => feedsOf(1);
    await expect(start(byRow, { a: one, b: one }, feedsOf(1, 2, 30))).rejects.toMatchObject({
      code: 'data_invalid',
      message: "output 'x' is of the shape [1,1], and [2,1] was expected",
    });
  });

  it.each([
    ['is missing', 'parameters.tier == "gold"', "node 'all': the condition route[0] has no value"],
    [
      'costs too much for all rows',
      '[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, a + b > 0 && inputs.x > 0.0))',
      'takes too much work',
    ],
    ['is no condition', 'parameters.x', 'is 7, not true or false'],
  ])('says that what a condition reads %s', async (_, when, message) => {
    const route = { route: [{ when, node: 'b' }], default: 'a' };
    const feeds = feedsOf(...Array.from({ length: 2_000 }, (_row, i) => i + 1));
    await expect(
      start(route, { a: plus(1), b: plus(2) }, feeds, { parameters: { x: 7 } }),
    ).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(message),
    });
  });
});
