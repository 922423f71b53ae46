import { putGraph } from '../../../apps/inference/src/testing/graphs.js';
import { putLine } from '../../../apps/inference/src/testing/models.js';
import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { closedLoop } from '../closed-loop.js';
import { inTurn, median, medianRatio, row } from '../statistics.js';

const rounds = 5;
const ms = 1_000;
const how = `64 callers, one row of one number in JSON, median of ${rounds} rounds in turn`;
const body = Buffer.from('{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1],"data":[3]}]}');
const models = { a: { model: 'first' }, b: { model: 'second' } };
const graphs = {
  chain: { chain: ['a', { node: 'b', inputs: { x: 'prediction' } }] },
  ensemble: { ensemble: ['a', 'b'], combine: 'average' },
  route: { route: [{ when: 'inputs.x > 1.0', node: 'b' }], default: 'a' },
};

/** What a graph of two tiny models costs beside one of them. */
export const inferenceGraphs = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  await bed.startReplica();
  await bed.deployArtifact('one', (store) => putLine(store, 2));
  for (const [kind, node] of Object.entries(graphs))
    await bed.deployArtifact(kind, async (store) => {
      const versions = { first: await putLine(store, 2), second: await putLine(store, 3) };
      return putGraph(store, { name: kind, nodes: { ...models, all: node } }, versions);
    });
  const asked = (endpoint: string) => async (time: number) =>
    closedLoop(() => bed.client.requestRaw(bed.client.subjects.infer(endpoint), body), time);
  const kinds = Object.keys(graphs);
  const sides = Object.fromEntries(['one', ...kinds].map((name) => [name, asked(name)]));
  const perSecond = await inTurn(sides, { rounds, ms, warmMs: 1_000 });
  return [
    row(
      'one model',
      median(perSecond['one']!),
      'requests/s',
      `a line, the same as the first of each graph; ${how}`,
    ),
    ...kinds.flatMap((kind) => [
      row(`${kind} of two`, median(perSecond[kind]!), 'requests/s', how),
      row(
        `${kind} / one model`,
        medianRatio(perSecond[kind]!, perSecond['one']!),
        'ratio',
        'within each round',
      ),
    ]),
  ];
};
