import { drawTimeline, faultNames, type Fault, type FaultName } from '../faults/timeline.js';
import { clockLibrary } from '../processes/house.js';

export interface DriveOptions {
  seed: number;
  directory: string;
  database: 'sqlite' | 'postgres';
  /** How long faults are inflicted. */
  seconds: number;
  /** How many runs there have to be at least: runs go on, and faults, until then. */
  runs: number;
  clients: number;
  faultEveryMs: number;
  leaseMs: number;
  settleMs: number;
  crashProbability: number;
  /** Only these; without, all that can be done here. */
  faults?: readonly FaultName[];
  /** With runs of a step that kills its worker. */
  deadly: boolean;
  say(line: string): void;
}

export const workers = 2;

export const orchestratorsOf = ({ database }: DriveOptions): number => (database === 'postgres' ? 2 : 1);

/** What can be done here to such a house. A disk that can't be mounted can't be filled, which is found out later. */
export const possibleFaults = ({ database, faults = faultNames }: DriveOptions): FaultName[] =>
  faults.filter(
    (name) =>
      (name !== 'restart postgres' || database === 'postgres') &&
      (name !== 'jump clock' || clockLibrary() !== undefined),
  );

/** The timeline goes on for as long as it may be needed; what is not reached is not done. */
export const timelineOf = (o: DriveOptions): Fault[] =>
  drawTimeline({
    seed: o.seed,
    untilMs: o.runs > 0 ? Math.max(o.seconds * 1_000, 7_200_000) : o.seconds * 1_000,
    orchestrators: orchestratorsOf(o),
    workers,
    leaseMs: o.leaseMs,
    names: possibleFaults(o),
    everyMs: o.faultEveryMs,
  });
