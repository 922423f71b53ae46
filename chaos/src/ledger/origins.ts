import type { Sketch } from '../workload/sketch.js';
import type { Findings } from './findings.js';
import type { Entry } from './ledger.js';
import type { RunRecord } from './rows.js';

type Of<T extends Entry['type']> = Extract<Entry, { type: T }>;

export const entriesOf = <T extends Entry['type']>(entries: readonly Entry[], type: T): Of<T>[] =>
  entries.filter((entry): entry is Of<T> => entry.type === type);

/** A run that somebody meant, and what it must be of. */
export interface Origin {
  record: RunRecord;
  sketch: Sketch;
  x: number;
}

export interface OriginEvidence {
  entries: readonly Entry[];
  runs: readonly RunRecord[];
  sketches: readonly Sketch[];
  /** How far clocks were moved at most, in milliseconds. */
  clocksMovedMs: number;
}

/**
 * Whose each run is: asked for under a key, of a tick of a schedule, of a message, or there from before. Each of these
 * has one run, and there are no others.
 */
export const traceOrigins = (evidence: OriginEvidence, findings: Findings): Origin[] => {
  const named = new Map(evidence.sketches.map((sketch) => [sketch.name, sketch]));
  const inherited = new Map(entriesOf(evidence.entries, 'inherited').map((entry) => [entry.run, entry]));
  const origins: Origin[] = [];
  const asked: RunRecord[] = [];
  const ticks: RunRecord[] = [];
  const heard: RunRecord[] = [];
  for (const record of evidence.runs) {
    const sketch = named.get(record.pipeline);
    const old = inherited.get(record.run);
    if (old && sketch) origins.push({ record, sketch, x: old.x });
    else if (record.key?.startsWith('schedule/')) ticks.push(record);
    else if (record.key?.startsWith('trigger/')) heard.push(record);
    else asked.push(record);
  }
  for (const run of inherited.keys())
    if (!origins.some(({ record }) => record.run === run)) findings.lost.push(`${run}: inherited, and gone`);
  const found = [
    ...traceAsked(evidence, asked, findings),
    ...traceTicks(evidence, ticks, findings),
    ...traceMessages(evidence, heard, findings),
  ];
  for (const { record, x } of found) {
    const sketch = named.get(record.pipeline);
    if (sketch) origins.push({ record, sketch, x });
  }
  return origins;
};

type Traced = Omit<Origin, 'sketch'>;

const traceAsked = (
  { entries }: OriginEvidence,
  runs: readonly RunRecord[],
  { lost, phantom }: Findings,
): Traced[] => {
  const intended = new Map(entriesOf(entries, 'intended').map((entry) => [entry.key, entry]));
  const byRun = new Map(runs.map((record) => [record.run, record]));
  for (const { key, run } of entriesOf(entries, 'acknowledged')) {
    const record = byRun.get(run);
    if (!record) lost.push(`${key} ${run}: gone`);
    else if (record.key !== key) phantom.push(`${run} has the key ${record.key}, not ${key}`);
  }
  const keys = new Set<string>();
  return runs.flatMap((record) => {
    const intent = intended.get(record.key ?? '');
    if (!intent || intent.pipeline !== record.pipeline || keys.has(intent.key)) {
      phantom.push(`run ${record.run} (${record.pipeline}, ${record.key})`);
      return [];
    }
    keys.add(intent.key);
    return [{ record, x: intent.x }];
  });
};

/** A clock that is read a little before or after what happens by it. */
const readingMs = 60_000;

const traceTicks = (
  { entries, sketches, clocksMovedMs }: OriginEvidence,
  runs: readonly RunRecord[],
  { lost, phantom }: Findings,
): Traced[] => {
  const traced: Traced[] = [];
  const there = new Set<string>();
  const periods = new Map(entriesOf(entries, 'ticking').map((entry) => [entry.pipeline, entry]));
  const schedules = new Map(sketches.map(({ name, schedule }) => [name, schedule]));
  for (const record of runs) {
    const { pipeline, key } = record;
    const schedule = schedules.get(pipeline);
    const { from, to } = periods.get(pipeline) ?? { from: Infinity, to: -Infinity };
    const tick = Date.parse(key?.split('/')[2] ?? '');
    const slack = clocksMovedMs + readingMs;
    const isTick = schedule !== undefined && tick % (schedule.everySeconds * 1_000) === 0;
    if (!isTick || tick < from - slack || tick > to + slack || there.has(`${pipeline}/${tick}`))
      phantom.push(`run ${record.run} (${pipeline}, ${key})`);
    else traced.push({ record, x: schedule.x });
    there.add(`${pipeline}/${tick}`);
  }
  for (const [pipeline, { from, to }] of periods) {
    const everyMs = (schedules.get(pipeline)?.everySeconds ?? Infinity) * 1_000;
    for (let tick = Math.ceil(from / everyMs) * everyMs; tick <= to; tick += everyMs)
      if (!there.has(`${pipeline}/${tick}`)) lost.push(`${pipeline} at ${new Date(tick).toISOString()}`);
  }
  return traced;
};

const traceMessages = (
  { entries, sketches }: OriginEvidence,
  runs: readonly RunRecord[],
  { lost, phantom }: Findings,
): Traced[] => {
  const sent = new Set(entriesOf(entries, 'sent').map(({ number }) => number));
  const triggers = new Map(sketches.map(({ name, trigger }) => [name, trigger]));
  const there = new Set<number>();
  const traced: Traced[] = [];
  for (const record of runs) {
    const number = Number(record.params['x']);
    const trigger = triggers.get(record.pipeline);
    const isAsked = trigger !== undefined && number % trigger.unlessDivisibleBy !== 0;
    if (!sent.has(number) || !isAsked || there.has(number))
      phantom.push(`run ${record.run} (${record.pipeline}, message ${number})`);
    else traced.push({ record, x: number });
    there.add(number);
  }
  const [trigger] = [...triggers.values()].filter((one) => one !== undefined);
  for (const { number } of entriesOf(entries, 'stored'))
    if (trigger && number % trigger.unlessDivisibleBy !== 0 && !there.has(number))
      lost.push(`message ${number}`);
  return traced;
};
