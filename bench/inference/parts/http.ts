import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { Closers } from '../closers.js';
import { gbdt } from '../gbdt.js';
import { mlp } from '../models.js';
import { writeModels } from '../peer-models.js';
import { lean, servers, typical, typicalOfTwo, type PeerSpec } from '../peers/peers.js';
import { inferPath, startPeer } from '../peers/start.js';
import { startHttpLoad } from '../processes.js';
import { checkAnswer, oneRow } from '../requests.js';
import { cpuPerRequest } from '../process-cpu.js';
import { cpuRows, inTurn, median, medianRatio, row, type Side } from '../statistics.js';

const ms = 1_500;
const how = '64 keep-alive connections, one row of 30 numbers in JSON';
const ours = 'gateway and replica';

type Measure = (port: number, model: string) => Side;
type Start = (spec: PeerSpec, closers: Closers) => Promise<number>;

const leftOut = (spec: PeerSpec, error: unknown, goal: number): BenchRow =>
  row(
    `${ours} / ${spec.title}`,
    NaN,
    'ratio',
    `left out: ${(error as Error).message.trim().slice(0, 700)}`,
    goal,
  );

/** Peers beside ours in turn, round by round. */
const compare = async (
  peers: readonly { spec: PeerSpec; goal?: number }[],
  { model, port, rounds }: { model: string; port: number; rounds: number },
  measure: Measure,
  start: Start,
): Promise<BenchRow[]> => {
  await using closers = new Closers();
  const sides: Record<string, Side> = { [ours]: measure(port, model) };
  const rows: BenchRow[] = [];
  for (const { spec, goal } of peers)
    await start(spec, closers).then(
      (peerPort) => (sides[spec.title] = measure(peerPort, model)),
      (error: unknown) => rows.push(leftOut(spec, error, goal ?? 1)),
    );
  const perSecond = await inTurn(sides, { rounds, ms });
  const inRounds = `${how}, median of ${rounds} rounds in turn`;
  const of = (name: string): number[] => perSecond[name]!;
  if (peers.length > 1) rows.push(row(`${model}: ${ours}`, median(of(ours)), 'requests/s', inRounds));
  for (const { spec, goal } of peers.filter(({ spec: { title } }) => sides[title]))
    rows.push(
      row(
        `${model}: ${spec.title}`,
        median(of(spec.title)),
        'requests/s',
        `${spec.packages[0]}; ${spec.how}; ${inRounds}`,
      ),
      row(
        `${model}: ${ours} / ${spec.title}`,
        medianRatio(of(ours), of(spec.title)),
        'ratio',
        'within each round',
        goal,
      ),
    );
  return rows;
};

/** Through the gateway, NATS and a replica, against what answers HTTP itself. */
export const http = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  const models = [mlp(), gbdt()];
  const replica = await bed.startReplica();
  for (const model of models) await bed.deploy(model.name, model);
  const { port, pid } = await bed.startGateway();
  const files = await writeModels(models, bed.closers);
  for (const [model, { expected }] of Object.entries(files.models)) {
    const response = await fetch(`http://127.0.0.1:${port}${inferPath(model)}`, {
      method: 'POST',
      body: oneRow,
    });
    checkAnswer('the gateway', new Uint8Array(await response.arrayBuffer()), expected);
  }
  const load = await startHttpLoad(bed.closers);
  const measure: Measure = (of, model) => (time) => load.run(of, inferPath(model), oneRow, time);
  const start: Start = (spec, closers) => startPeer(spec, files.models, files.directory, closers);

  const fastapi = [{ spec: lean, goal: 1 }, { spec: typical, goal: 5 }, { spec: typicalOfTwo }];
  const rows: BenchRow[] = [];
  for (const { name } of models)
    rows.push(...(await compare(fastapi, { model: name, port, rounds: 5 }, measure, start)));
  const pids = { gateway: pid, replica: replica.pid, 'nats-server': bed.natsPid, 'load generator': load.pid };
  rows.push(...cpuRows('mlp', await cpuPerRequest(pids, measure(port, 'mlp'))));
  for (const spec of servers)
    rows.push(...(await compare([{ spec, goal: 1 }], { model: 'mlp', port, rounds: 3 }, measure, start)));
  return rows;
};
