import { availableParallelism } from 'node:os';
import { headerNames } from '@millrace/contracts';
import type { BenchRow } from '../../messaging.js';
import { startBed, type Bed } from '../bed.js';
import { closedLoop } from '../closed-loop.js';
import { gbdt } from '../gbdt.js';
import { mlp, type BenchModel } from '../models.js';
import { writeModels } from '../peer-models.js';
import { startBareRunners } from '../processes.js';
import { binaryBatch, jsonBatch } from '../requests.js';
import { inTurn, median, medianRatio, row, type Side } from '../statistics.js';

const rowsEach = 64;
const rounds = 5;
const ms = 1_000;
const cores = availableParallelism();

/** 64 rows per request against ONNX Runtime alone, on every core. */
export const batch = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  const models = [mlp(), gbdt()];
  for (let i = 0; i < cores; i++) await bed.startReplica();
  for (const model of models) await bed.deploy(model.name, model);
  const files = await writeModels(models, bed.closers);
  const rows: BenchRow[] = [];
  for (const model of models) rows.push(...(await measure(bed, model, files.models[model.name]!.file)));
  return rows;
};

const measure = async (bed: Bed, { name, what }: BenchModel, file: string): Promise<BenchRow[]> => {
  const subject = bed.client.subjects.infer(name);
  const { body, headerLength } = binaryBatch(rowsEach);
  const headers = {
    [headerNames.inferenceHeaderLength]: String(headerLength),
    [headerNames.contentType]: 'application/octet-stream',
  };
  const asked =
    (ask: () => Promise<unknown>): Side =>
    async (time) =>
      rowsEach * (await closedLoop(ask, time));
  const json = jsonBatch(rowsEach);
  const binary = (): Promise<unknown> => bed.client.requestRaw(subject, body, { headers });
  const sides: Record<string, Side> = {
    bare: await startBareRunners(file, { processes: cores, rows: rowsEach }, bed.closers),
    json: asked(() => bed.client.requestRaw(subject, json)),
    binary: asked(binary),
  };
  const perSecond = await inTurn(sides, { rounds, ms });
  const of = (side: string): number[] => perSecond[side]!;
  const how = `${rowsEach} rows per request, 64 callers, ${cores} replicas; median of ${rounds} rounds in turn`;
  return [
    row(
      `${name}: bare ONNX Runtime`,
      median(of('bare')),
      'rows/s',
      `${what}; runs of ${rowsEach} rows in ${cores} processes and nothing else`,
    ),
    row(`${name}: JSON`, median(of('json')), 'rows/s', how),
    row(`${name}: JSON / bare ONNX Runtime`, medianRatio(of('json'), of('bare')), 'ratio', how),
    row(`${name}: binary`, median(of('binary')), 'rows/s', how),
    row(`${name}: binary / bare ONNX Runtime`, medianRatio(of('binary'), of('bare')), 'ratio', how, 0.7),
  ];
};
