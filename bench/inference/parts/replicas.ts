import type { BenchRow } from '../../messaging.js';
import { startBed, type Bed } from '../bed.js';
import { closedLoop } from '../closed-loop.js';
import { busyFor, type BenchModel } from '../models.js';
import { writeModels } from '../peer-models.js';
import { startBareRunners } from '../processes.js';
import { oneRow } from '../requests.js';
import { inTurn, median, medianRatio, row, type Side } from '../statistics.js';

const rounds = 3;
const ms = 4_000;
const msPerRow = 4;

/** A bed of its own with so many replicas: one that is not asked costs nothing. */
const bedOf = async (replicas: number, model: BenchModel): Promise<{ bed: Bed; side: Side }> => {
  const bed = await startBed();
  for (let i = 0; i < replicas; i++) await bed.startReplica();
  await bed.deploy(model.name, model);
  const subject = bed.client.subjects.infer(model.name);
  return { bed, side: (time) => closedLoop(() => bed.client.requestRaw(subject, oneRow), time) };
};

/** A model that keeps one core busy, in one replica and in two. */
export const replicas = async (): Promise<BenchRow[]> => {
  const model = await busyFor('busy', msPerRow);
  const one = await bedOf(1, model);
  await using first = one.bed;
  const two = await bedOf(2, model);
  await using second = two.bed;
  const { file } = (await writeModels([model], first.closers)).models['busy']!;
  const alone = (processes: number): Promise<Side> =>
    startBareRunners(file, { processes, rows: 16 }, second.closers);
  const bare = await inTurn({ one: await alone(1), two: await alone(2) }, { rounds, ms: 1_500 });
  const asked = await inTurn({ one: one.side, two: two.side }, { rounds, ms });
  const how = `64 callers, ${model.what}, so that client and nats-server (on the same cores) take little; median of ${rounds} rounds in turn`;
  return [
    row(
      'two processes / one, ONNX Runtime alone',
      medianRatio(bare.two, bare.one),
      'ratio',
      'what the machine allows',
    ),
    row('one replica', median(asked.one), 'requests/s', how),
    row('two replicas', median(asked.two), 'requests/s', how),
    row('two replicas / one', medianRatio(asked.two, asked.one), 'ratio', how, 1.8),
  ];
};
