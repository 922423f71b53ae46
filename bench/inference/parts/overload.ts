import { setImmediate as breathe, setTimeout as wait } from 'node:timers/promises';
import type { MessagingClient } from '@millrace/messaging';
import type { BenchRow } from '../../messaging.js';
import { startBed } from '../bed.js';
import { busyFor } from '../models.js';
import type { AnswerLog } from '../answer-log.js';
import { startOpenLoad } from '../open-loop.js';
import { peakMemoryMb, residentMb, resetPeakMemory } from '../process-memory.js';
import { oneRow } from '../requests.js';
import { percentile, row } from '../statistics.js';

const burst = 10_000;
const queued = 1_000;
const rate = 1_000;
const msPerRow = 0.25;

interface Outcome {
  ms: number;
  code: string | undefined;
}

/** All that at once. Sent in pieces, so that replies are read meanwhile; each one's time counts from its own sending. */
const send = async (client: MessagingClient, subject: string): Promise<Outcome[]> => {
  const outcomes: Promise<Outcome>[] = [];
  for (let i = 0; i < burst; i++) {
    const began = performance.now();
    const outcome = (code?: string): Outcome => ({ ms: performance.now() - began, code });
    outcomes.push(
      client.requestRaw(subject, oneRow, { timeoutMs: 20_000 }).then(
        () => outcome(),
        (error: { code?: string }) => outcome(error.code ?? 'failed'),
      ),
    );
    if (i % 64 === 63) await breathe();
  }
  return Promise.all(outcomes);
};

/** Seconds after `from` until each following second's p99 is within twice the normal one. What fails took for ever. */
const secondsToRecover = (answers: AnswerLog, from: number, normal: number, seconds: number): number => {
  const p99s = Array.from({ length: seconds }, (_, i) =>
    percentile(answers.between(from + i * 1_000, from + (i + 1) * 1_000), 0.99),
  );
  return p99s.findLastIndex((p99) => !(p99 <= 2 * normal)) + 1;
};

/** Ten times what the queue holds, on top of a normal load. */
export const overload = async (): Promise<BenchRow[]> => {
  await using bed = await startBed();
  const replica = await bed.startReplica({ MAX_QUEUED: String(queued) });
  const model = await busyFor('busy', msPerRow);
  await bed.deploy(model.name, model);
  const subject = bed.client.subjects.infer(model.name);
  const ask = (): Promise<unknown> => bed.client.requestRaw(subject, oneRow);
  const warm = startOpenLoad(ask, rate);
  await wait(2_000);
  await warm.stop();

  const load = startOpenLoad(ask, rate);
  await wait(4_000);
  const normal = percentile(load.answers.between(500), 0.99);
  const before = residentMb(replica.pid);
  resetPeakMemory(replica.pid);
  const began = performance.now();
  const outcomes = await send(bed.client, subject);
  const tookMs = performance.now() - began;
  const peak = peakMemoryMb(replica.pid);
  const from = load.answers.lastAt;
  await wait(6_000);
  await load.stop();

  const refused = outcomes.filter(({ code }) => code === 'overloaded');
  const answered = outcomes.filter(({ code }) => code === undefined);
  const lost = burst - refused.length - answered.length;
  const how = `${burst} requests at once beside ${rate}/s, queue of ${queued}, ${model.what}`;
  return [
    row('answered', answered.length, 'requests', `${how}; all done within ${Math.round(tookMs)} ms`),
    row('refused', refused.length, 'requests', `code overloaded; ${how}`),
    row('neither answered nor refused', lost, 'requests', how, 0, true),
    row(
      'time until the refusal: p99',
      percentile(
        refused.map(({ ms }) => ms),
        0.99,
      ),
      'ms',
      `from each one's sending; ${how}`,
      50,
      true,
    ),
    row('memory before', before, 'MB', 'RSS of the replica under the normal load'),
    row(
      'memory at the peak',
      peak,
      'MB',
      'RSS, as the kernel kept it; bounded = at most 128 MB more',
      before + 128,
      true,
    ),
    row('normal load: p99', normal, 'ms', `${rate} requests/s, before`),
    row(
      'normal load: back to normal after',
      secondsToRecover(load.answers, from, normal, 5),
      's',
      'all answered, and p99 within twice of before, from then on second by second',
      5,
      true,
    ),
  ];
};
