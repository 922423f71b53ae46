import { Worker } from 'node:worker_threads';
import { AnswerLog, Series } from './answer-log.js';
import { percentile } from './statistics.js';

export interface OpenLoad {
  readonly answers: AnswerLog;
  readonly sent: number;
  /** How late requests were sent, p99 in milliseconds: what the instrument itself adds. */
  lateness(): number;
  /** Sends nothing more; resolves when all are answered. */
  stop(): Promise<void>;
}

/** Requests that come together: as many as keep the raster at a quarter of a millisecond or coarser. */
const groupOf = (perSecond: number): number => Math.max(1, Math.ceil(perSecond / 4_000));

/**
 * Requests at a steady rate, whether answered or not, in small groups. Latency counts from the intended moment, so that a
 * server which makes everyone wait is not excused for the requests that it kept from being sent.
 */
export const startOpenLoad = (ask: () => Promise<unknown>, perSecond: number): OpenLoad => {
  const group = groupOf(perSecond);
  const everyMs = (group / perSecond) * 1_000;
  const start = performance.now() + 20;
  const answers = new AnswerLog();
  const lateness = new Series();
  let ticks = 0;
  let open = 0;
  let sent = 0;
  let stopped: (() => void) | undefined;

  const send = (intended: number): void => {
    const answered = (failed?: string): void => {
      answers.add(intended - start, performance.now() - intended, failed);
      if (--open === 0) stopped?.();
    };
    open++;
    sent++;
    ask().then(
      () => answered(),
      (error: { code?: string; message?: string }) => answered(error.code ?? error.message ?? 'failed'),
    );
  };

  const worker = new Worker(new URL('./pacer.mjs', import.meta.url), {
    workerData: { startAt: performance.timeOrigin + start, everyMs },
    execArgv: [],
  });
  worker.on('message', () => {
    for (let due = start + ticks * everyMs; due <= performance.now(); due = start + ++ticks * everyMs) {
      lateness.push(performance.now() - due);
      for (let i = 0; i < group; i++) send(due);
    }
  });

  return {
    answers,
    get sent() {
      return sent;
    },
    lateness: () => percentile(lateness.values, 0.99),
    stop: async () => {
      await worker.terminate();
      if (open > 0) await new Promise<void>((resolve) => (stopped = resolve));
    },
  };
};

export interface Latency {
  p50: number;
  p99: number;
  lateness: number;
}

/** Median and p99 in milliseconds at a steady rate, without the first fifth. What fails took for ever. */
export const openLoop = async (
  ask: () => Promise<unknown>,
  perSecond: number,
  ms: number,
): Promise<Latency> => {
  const load = startOpenLoad(ask, perSecond);
  await new Promise((resolve) => setTimeout(resolve, ms));
  await load.stop();
  const times = load.answers.between(ms / 5);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), lateness: load.lateness() };
};
