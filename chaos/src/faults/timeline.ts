import { Random } from '../random/random.js';

/** What can be done to a system, and how often in comparison. */
const weights = {
  'kill orchestrator': 6,
  'kill worker': 6,
  'kill nats': 4,
  'wipe jetstream': 1.5,
  'spoil jetstream': 1.5,
  'spoil artifacts': 2,
  'pause worker': 3,
  'pause orchestrator': 2,
  'restart postgres': 3,
  'jump clock': 2,
  'cut network': 3,
  'stall network': 2,
  'lose network': 2,
  'slow network': 2,
  'fill disk': 3,
};
export type FaultName = keyof typeof weights;

/** Whose disks can be full. */
export const disks = ['database', 'jetstream', 'artifacts'] as const;
export type DiskName = (typeof disks)[number];

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
  /** What this machine can do. The rest is drawn, too, and left out: the others are the same everywhere. */
  names: readonly FaultName[];
  /** Between two faults, on average. */
  everyMs: number;
}

/** All that will be done to the system, drawn from the seed before anything begins. */
export const drawTimeline = (o: TimelineOptions): Fault[] => {
  const random = new Random(o.seed, 'faults');
  const faults: Fault[] = [];
  for (let atMs = 1_000; ;) {
    atMs += random.integer(o.everyMs / 4, o.everyMs * 1.75);
    if (atMs > o.untilMs) return faults;
    const name = random.weighted<FaultName>(weights);
    const target = random.integer(0, amongOf(name, o) - 1);
    const ms = drawMs(random, name, o.leaseMs);
    if (o.names.includes(name)) faults.push({ atMs, name, target, ms });
  }
};

const amongOf = (name: FaultName, { orchestrators, workers }: TimelineOptions): number => {
  if (name.endsWith('worker')) return workers;
  if (name.endsWith('orchestrator') || name === 'jump clock') return orchestrators;
  if (name.endsWith('network')) return orchestrators + workers;
  return name === 'fill disk' ? disks.length : 1;
};

const drawMs = (random: Random, name: FaultName, leaseMs: number): number => {
  switch (name) {
    case 'pause worker':
      return random.integer(leaseMs + 1_000, leaseMs + 6_000);
    case 'pause orchestrator':
      return random.integer(500, leaseMs + 4_000);
    case 'jump clock':
      return random.pick([-3_600_000, -30_000, 30_000, 3_600_000]);
    case 'stall network':
    case 'lose network':
      return random.integer(500, leaseMs + 4_000);
    case 'slow network':
    case 'spoil artifacts':
      return random.integer(2_000, 6_000);
    case 'fill disk':
      return random.integer(500, 4_000);
    default:
      return random.integer(0, 2_000);
  }
};

export const faultNames = Object.keys(weights) as FaultName[];
