import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startNats, startPostgres, type TestNats, type TestPostgres } from '@millrace/testing';
import { drawCrash, drawMigrationCrash, orchestratorPoints, workerPoints } from '../faults/crash-points.js';
import type { DiskName } from '../faults/timeline.js';
import { componentLimits } from '../workload/sketch.js';
import { Disk } from './disk.js';
import { Link } from './link.js';
import { Member } from './member.js';
import { makeOldDatabase } from './old-database.js';

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
  /** How often JetStream lost what it had. */
  losses = 0;
  readonly orchestrators: Member[] = [];
  readonly workers: Member[] = [];
  readonly others: Member[] = [];
  /** Between the nats-server and each orchestrator and worker, in this order. */
  readonly links: Link[] = [];

  private constructor(
    private readonly o: HouseOptions,
    readonly nats: TestNats,
    readonly postgres: TestPostgres | undefined,
    /** Those that can be made full. */
    readonly disks: ReadonlyMap<DiskName, Disk>,
    readonly env: Record<string, string>,
  ) {}

  /** The servers are there, and nobody else is yet. */
  static async build(o: HouseOptions): Promise<House> {
    if (!existsSync(join(built, 'worker.main.js'))) throw new Error('not built: npm run build');
    mkdirSync(o.directory, { recursive: true });
    // PostgreSQL may be another user, and has to pass through.
    chmodSync(o.directory, 0o711);
    const places = { database: 'data', jetstream: 'jetstream', artifacts: 'artifacts' } as const;
    const disks = new Map<DiskName, Disk>();
    for (const [name, place] of Object.entries(places) as [DiskName, string][]) {
      const disk = await Disk.mount(join(o.directory, place), { kept: name !== 'jetstream' });
      if (disk) disks.set(name, disk);
    }
    if (disks.size === 0) o.onEvent('no file system can be mounted here: no disk will be full');
    // The server is to find its directory gone, and a mounted one can't be removed.
    const nats = await startNats({ storeDirectory: join(o.directory, places.jetstream, 'store') });
    const data = join(o.directory, places.database);
    const postgres = o.database === 'postgres' ? await startPostgres({ directory: data }) : undefined;
    if (o.database === 'postgres' && !postgres) throw new Error('PostgreSQL is not installed');
    const env = {
      PATH: process.env['PATH'] ?? '',
      DATA_DIR: data,
      ARTIFACTS_URL: join(o.directory, places.artifacts),
      HEALTH_PORT: '-1',
      // Most of what processes do here is to start (Node 22 and later).
      NODE_COMPILE_CACHE: join(o.directory, 'compiled'),
      CHAOS_EFFECTS: join(o.directory, 'effects.jsonl'),
      LEASE_MS: String(o.leaseMs),
      QUEUE_CHECK_MS: '2000',
      RECONCILE_MS: '500',
      COMPONENT_CONCURRENCY: Object.entries(componentLimits)
        .map(([deed, most]) => `chaos.${deed}=${most}`)
        .join(),
      // Short, so that what is queued beyond it waits by priority.
      QUEUE_WINDOW: '16',
      // How many messages a trigger takes is not the matter here.
      TRIGGER_BURST: '100000',
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    };
    const house = new House(o, nats, postgres, disks, env);
    for (let i = 0; i < o.orchestrators; i++)
      house.orchestrators.push(await house.#linked('orchestrator', i, orchestratorPoints));
    for (let i = 0; i < o.workers; i++) house.workers.push(await house.#linked('worker', i, workerPoints));
    const direct = { CHAOS_DEADLY: 'yes', NATS_URL: nats.url };
    if (o.deadly) house.others.push(house.#member('worker', 'deadly', [], direct));
    for (let i = 0; i < o.orchestrators; i++) house.moveClock(i, 0);
    return house;
  }

  /** Everybody else starts, too, on a database of the first version. */
  async start(): Promise<void> {
    await makeOldDatabase(join(built, 'orchestrator.main.js'), { ...this.env, NATS_URL: this.nats.url });
    for (const member of this.members) member.start();
  }

  get artifacts(): string {
    return this.env['ARTIFACTS_URL'] ?? '';
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

  /** What JetStream had may be gone after this. */
  async loseMessages(work: (house: this) => Promise<void>): Promise<void> {
    await work(this);
    this.losses++;
  }

  /** Servers that could not go on with a full disk are started again. */
  async revive(): Promise<void> {
    if (!this.nats.running) await this.nats.restart();
    if (this.postgres && !this.postgres.running) await this.postgres.restart();
  }

  #clockFile(i: number | string): string {
    return join(this.o.directory, `clock-${i}`);
  }

  async #linked(kind: 'orchestrator' | 'worker', i: number, points: readonly string[]): Promise<Member> {
    const link = await Link.to(this.nats.url);
    this.links.push(link);
    return this.#member(kind, i, points, { NATS_URL: link.url });
  }

  #member(
    kind: 'orchestrator' | 'worker',
    i: number | string,
    points: readonly string[],
    more: Record<string, string>,
  ): Member {
    const name = `${kind}-${i}`;
    const { directory, onEvent } = this.o;
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
        const crash = this.#crashOf(kind, name, start, points);
        if (crash) onEvent(`${name} is told to die at ${crash}`);
        return { ...this.env, ...clock, ...more, ...(crash ? { CHAOS_CRASH: crash } : {}) };
      },
    });
  }

  #crashOf(kind: string, name: string, start: number, points: readonly string[]): string | undefined {
    const { seed, crashProbability } = this.o;
    if (this.calm || points.length === 0) return undefined;
    // The database is old, and has to be brought up to date first.
    if (kind === 'orchestrator' && start === 0) return drawMigrationCrash(seed, name);
    return drawCrash(seed, name, start, points, crashProbability);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.postgres?.stop();
    await this.nats.stop();
    for (const link of this.links) await link[Symbol.asyncDispose]();
    for (const disk of this.disks.values()) await disk[Symbol.asyncDispose]();
  }
}
