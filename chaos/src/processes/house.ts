import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startNats, startPostgres, type TestNats, type TestPostgres } from '@millrace/testing';
import { drawCrash, orchestratorPoints, workerPoints } from '../faults/crash-points.js';
import { Member } from './member.js';

export interface HouseOptions {
  seed: number;
  directory: string;
  database: 'sqlite' | 'postgres';
  orchestrators: number;
  workers: number;
  leaseMs: number;
  /** That a process which starts is told to die at a point. */
  crashProbability: number;
  /** With a worker whose only component kills it. */
  deadly: boolean;
  onEvent(event: string): void;
}

const built = resolve(import.meta.dirname, '../../dist/processes');

/** Shifts the clocks that a process reads, where it is installed (`apt-get install libfaketime`). */
export const clockLibrary = (): string | undefined => {
  const lib = '/usr/lib';
  const folders = existsSync(lib) ? readdirSync(lib).map((name) => join(lib, name, 'faketime')) : [];
  return folders.map((folder) => join(folder, 'libfaketime.so.1')).find((path) => existsSync(path));
};

/** A nats-server, a database, orchestrators and workers: as many processes, each of which can be killed. */
export class House implements AsyncDisposable {
  /** No process that starts from now on is told to die. */
  calm = false;

  private constructor(
    private readonly o: HouseOptions,
    readonly nats: TestNats,
    readonly postgres: TestPostgres | undefined,
    readonly orchestrators: Member[],
    readonly workers: Member[],
    readonly others: Member[],
    readonly env: Record<string, string>,
  ) {}

  static async start(o: HouseOptions): Promise<House> {
    if (!existsSync(join(built, 'worker.main.js'))) throw new Error('not built: npm run build');
    mkdirSync(o.directory, { recursive: true });
    const nats = await startNats();
    const postgres = o.database === 'postgres' ? await startPostgres() : undefined;
    if (o.database === 'postgres' && !postgres) throw new Error('PostgreSQL is not installed');
    const env = {
      PATH: process.env['PATH'] ?? '',
      NATS_URL: nats.url,
      DATA_DIR: join(o.directory, 'data'),
      ARTIFACTS_URL: join(o.directory, 'artifacts'),
      HEALTH_PORT: '-1',
      CHAOS_EFFECTS: join(o.directory, 'effects.jsonl'),
      LEASE_MS: String(o.leaseMs),
      QUEUE_CHECK_MS: '2000',
      RECONCILE_MS: '500',
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    };
    const house = new House(o, nats, postgres, [], [], [], env);
    for (let i = 0; i < o.orchestrators; i++)
      house.orchestrators.push(house.#member('orchestrator', i, orchestratorPoints));
    for (let i = 0; i < o.workers; i++) house.workers.push(house.#member('worker', i, workerPoints));
    if (o.deadly) house.others.push(house.#member('worker', 'deadly', [], { CHAOS_DEADLY: 'yes' }));
    for (let i = 0; i < o.orchestrators; i++) house.moveClock(i, 0);
    for (const member of house.members) member.start();
    return house;
  }

  get members(): Member[] {
    return [...this.orchestrators, ...this.workers, ...this.others];
  }

  get starts(): number {
    return this.members.reduce((sum, { starts }) => sum + starts, 0);
  }

  /** Sets the clock of one orchestrator, where that can be done. */
  moveClock(orchestrator: number, ms: number): void {
    writeFileSync(this.#clockFile(orchestrator), `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}\n`);
  }

  #clockFile(i: number | string): string {
    return join(this.o.directory, `clock-${i}`);
  }

  #member(
    kind: 'orchestrator' | 'worker',
    i: number | string,
    points: readonly string[],
    more: Record<string, string> = {},
  ): Member {
    const name = `${kind}-${i}`;
    const { seed, directory, crashProbability, onEvent } = this.o;
    const library = kind === 'orchestrator' ? clockLibrary() : undefined;
    const clock: Record<string, string> = library
      ? {
          LD_PRELOAD: library,
          FAKETIME_TIMESTAMP_FILE: this.#clockFile(i),
          FAKETIME_CACHE_DURATION: '1',
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        }
      : {};
    return new Member({
      name,
      main: join(built, `${kind}.main.js`),
      logFile: join(directory, `${name}.log`),
      onEvent,
      env: (start) => {
        const crash =
          this.calm || points.length === 0
            ? undefined
            : drawCrash(seed, name, start, points, crashProbability);
        if (crash) onEvent(`${name} is told to die at ${crash}`);
        return { ...this.env, ...clock, ...more, ...(crash ? { CHAOS_CRASH: crash } : {}) };
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.postgres?.stop();
    await this.nats.stop();
  }
}
