import { Random } from '../random/random.js';

/** Where a process may be told to kill itself: the moments between which a crash makes a difference. */
export const workerPoints = ['task taken', 'effect written', 'work done', 'completion accepted'] as const;
export const orchestratorPoints = [
  'before commit',
  'after commit',
  'task published',
  'completion heard',
  'completion written',
] as const;

/**
 * What a process is told when it starts: to die when it reaches a point for the so-manieth time, or nothing.
 * @returns for `CHAOS_CRASH`: `<point>:<times>`
 */
export const drawCrash = (
  seed: number,
  process: string,
  start: number,
  points: readonly string[],
  probability: number,
): string | undefined => {
  const random = new Random(seed, 'crash', process, start);
  return random.chance(probability) ? `${random.pick(points)}:${random.integer(20, 600)}` : undefined;
};

/** Of the statements that bring an old database up to date. There are more. */
const migrationStatements = 60;

/** Where an orchestrator dies that is the first to find an old database. */
export const drawMigrationCrash = (seed: number, process: string): string =>
  `migrating:${new Random(seed, 'migration', process).integer(1, migrationStatements)}`;

/** Where it dies with the tables made of its first version, and nothing more: those of messages come before them. */
export const firstVersion = 'migration committed:2';

/** Counts down to the crash that the environment asks for. */
export const crasher = (crash: string | undefined): ((point: string) => void) => {
  const [wanted, times] = crash?.split(':') ?? [];
  let left = Number(times);
  return (point) => {
    // Not an exception and not an exit: nothing of this process may run after it.
    if (point === wanted && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
};
