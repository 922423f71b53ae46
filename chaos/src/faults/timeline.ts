import { Random } from '../random/random.js';

/** What can be done to a system, and how often in comparison. */
const weights = {
  'kill orchestrator': 6,
  'kill worker': 6,
  'kill nats': 4,
  'wipe jetstream': 1.5,
  'pause worker': 3,
  'pause orchestrator': 2,
  'restart postgres': 3,
  'jump clock': 2,
};
export type FaultName = keyof typeof weights;

export interface Fault {
  atMs: number;
  name: FaultName;
  /** Which of several. */
  target: number;
  /** For how long, or how far. */
  ms: number;
}

export interface TimelineOptions {
  seed: number;
  untilMs: number;
  orchestrators: number;
  workers: number;
  /** After how long without a heartbeat a step is handed out again. */
  leaseMs: number;
  /** What this machine can do. */
  names: readonly FaultName[];
  /** Between two faults, on average. */
  everyMs: number;
}

/** All that will be done to the system, drawn from the seed before anything begins. */
export const drawTimeline = (o: TimelineOptions): Fault[] => {
  const random = new Random(o.seed, 'faults');
  const possible = Object.fromEntries(o.names.map((name) => [name, weights[name]]));
  const faults: Fault[] = [];
  for (let atMs = 1_000; ;) {
    atMs += random.integer(o.everyMs / 4, o.everyMs * 1.75);
    if (atMs > o.untilMs) return faults;
    const name = random.weighted<FaultName>(possible);
    const among = name.endsWith('worker') ? o.workers : name.endsWith('orchestrator') ? o.orchestrators : 1;
    faults.push({ atMs, name, target: random.integer(0, among - 1), ms: drawMs(random, name, o.leaseMs) });
  }
};

const drawMs = (random: Random, name: FaultName, leaseMs: number): number => {
  if (name === 'pause worker') return random.integer(leaseMs + 1_000, leaseMs + 6_000);
  if (name === 'pause orchestrator') return random.integer(500, leaseMs + 4_000);
  if (name === 'jump clock') return random.pick([-3_600_000, -30_000, 30_000, 3_600_000]);
  return random.integer(0, 2_000);
};

export const faultNames = Object.keys(weights) as FaultName[];
