import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { closedLoop } from '../closed-loop.js';
import { gbdt } from '../gbdt.js';
import { expectedProbabilities, mlp } from '../models.js';
import { openLoop, type Latency } from '../open-loop.js';
import { writeModels } from '../peer-models.js';
import { lean } from '../peers/peers.js';
import { inferPath, startPeer } from '../peers/start.js';
import { startEcho, startHttpLoad } from '../processes.js';
import { checkAnswer, oneRow } from '../requests.js';
import { cpuPerRequest } from '../process-cpu.js';
import { cpuRows, inTurn, median, medianRatio, row } from '../statistics.js';

const rounds = 7;
const ms = 1_000;
const echoSubject = 'bench.echo';
const how = `64 callers, one row of 30 numbers in JSON, median of ${rounds} rounds in turn`;

/** The replica over NATS against a bare echo and against the lean FastAPI. */
export const nats = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  const models = [mlp(), gbdt()];
  await startEcho(bed.natsUrl, echoSubject, bed.closers);
  const replica = await bed.startReplica();
  const asks: Record<string, () => Promise<unknown>> = {};
  for (const model of models) {
    await bed.deploy(model.name, model);
    const subject = bed.client.subjects.infer(model.name);
    asks[model.name] = () => bed.client.requestRaw(subject, oneRow);
    const { data } = await bed.client.requestRaw(subject, oneRow);
    checkAnswer('the replica', data, await expectedProbabilities(model));
  }
  const files = await writeModels(models, bed.closers);
  const load = await startHttpLoad(bed.closers);
  const port = await startPeer(lean, files.models, files.directory, bed.closers).catch(
    (error: Error) => error,
  );

  const perSecond = await inTurn(
    {
      echo: (time) => closedLoop(() => bed.client.requestRaw(echoSubject, oneRow), time),
      ...Object.fromEntries(
        models.flatMap(({ name }) => [
          [name, (time: number) => closedLoop(asks[name]!, time)],
          ...(typeof port === 'number'
            ? [[`lean ${name}`, (time: number) => load.run(port, inferPath(name), oneRow, time)]]
            : []),
        ]),
      ),
    } as Record<string, (time: number) => Promise<number>>,
    { rounds, ms, warmMs: 2_000 },
  );
  const of = (name: string): number[] => perSecond[name]!;
  const rows = [
    row('bare echo', median(of('echo')), 'requests/s', `a responder on nats.js, the same client; ${how}`),
  ];
  for (const { name, what } of models) {
    rows.push(
      row(`${name}`, median(of(name)), 'requests/s', `replica as its own process, ${what}; ${how}`),
      row(`${name} / bare echo`, medianRatio(of(name), of('echo')), 'ratio', 'within each round', 0.6),
    );
    if (perSecond[`lean ${name}`])
      rows.push(
        row(
          `lean FastAPI, ${name}`,
          median(of(`lean ${name}`)),
          'requests/s',
          `${lean.packages[0]}; ${lean.how}; HTTP, 64 connections`,
        ),
        row(
          `${name} / lean FastAPI`,
          medianRatio(of(name), of(`lean ${name}`)),
          'ratio',
          'NATS against HTTP, within each round',
          3,
        ),
      );
    else rows.push(row(`${name} / lean FastAPI`, NaN, 'ratio', `left out: ${(port as Error).message}`, 3));
  }
  const pids = { replica: replica.pid, 'nats-server': bed.natsPid, client: process.pid };
  rows.push(...cpuRows('mlp', await cpuPerRequest(pids, (time) => closedLoop(asks['mlp']!, time))));
  for (const { name } of models) rows.push(...(await latencies(name, asks[name]!, median(of(name)) / 2)));
  return rows;
};

const latencies = async (name: string, ask: () => Promise<unknown>, rate: number): Promise<BenchRow[]> => {
  const runs: Latency[] = [];
  for (let i = 0; i < 3; i++) runs.push(await openLoop(ask, rate, 2_500));
  const of = (key: 'p50' | 'p99' | 'lateness'): number => median(runs.map((run) => run[key]));
  const told = `at ${Math.round(rate)} requests/s (half), open loop, from the intended moment; sent up to ${of('lateness').toFixed(2)} ms late (p99); median of 3 runs of 2.5 s`;
  return [
    row(`${name}: median latency`, of('p50'), 'ms', told, 1.2, true),
    row(`${name}: p99 latency`, of('p99'), 'ms', told, 4, true),
  ];
};
