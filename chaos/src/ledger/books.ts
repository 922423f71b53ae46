import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataSource } from '@millrace/persistence';
import type { RunRecord, StepRecord } from './rows.js';

type DataSource = Awaited<ReturnType<typeof openDataSource>>;
const page = 1_000;
const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value);

interface RunRow {
  id: string;
  idempotency_key: string | null;
  pipeline: string;
  status: RunRecord['status'];
  params: unknown;
  parent: string | null;
  parent_step: string | null;
  parent_attempt: number | null;
}

const recordOf = (row: RunRow): RunRecord => ({
  run: row.id,
  key: row.idempotency_key,
  pipeline: row.pipeline,
  status: row.status,
  params: parsed(row.params) as RunRecord['params'],
  ...(row.parent === null
    ? {}
    : { parent: { run: row.parent, step: row.parent_step ?? '', attempt: row.parent_attempt ?? 0 } }),
  steps: [],
});

/** The orchestrator's tables, and the artifacts, as they are on disk. */
export class Books implements AsyncDisposable {
  #source: DataSource | undefined;

  constructor(private readonly env: Record<string, string>) {}

  /** Opened late and again: the database may have been away. */
  async #query<T>(sql: string): Promise<T[]> {
    try {
      this.#source ??= await openDataSource({
        service: 'orchestrator',
        databaseUrl: this.env['DATABASE_URL'],
        dataDir: this.env['DATA_DIR'] ?? '',
        entities: [],
        migrations: [],
      });
      return (await this.#source.query(sql)) as T[];
    } catch (error) {
      await this.#source?.destroy().catch(() => undefined);
      this.#source = undefined;
      throw error;
    }
  }

  async #count(table: string, where = ''): Promise<number> {
    const [row] = await this.#query<{ n: unknown }>(`SELECT count(*) AS n FROM ${table} ${where}`);
    return Number(row?.n);
  }

  unfinished(): Promise<number> {
    return this.#count('run', `WHERE status NOT IN ('succeeded', 'failed', 'cancelled')`);
  }

  /** Runs that somebody has stopped and nobody has told to go on. */
  async paused(): Promise<string[]> {
    const rows = await this.#query<{ id: string }>(`SELECT id FROM run WHERE paused AND status = 'running'`);
    return rows.map(({ id }) => id);
  }

  outbox(): Promise<number> {
    return this.#count('outbox');
  }

  /** What runs have not told each other yet. */
  messages(): Promise<number> {
    return this.#count('run_message');
  }

  /** `ok`, or what SQLite found. */
  async integrity(): Promise<string> {
    if (this.env['DATABASE_URL'] !== undefined) return 'ok';
    const rows = await this.#query<{ integrity_check: string }>('PRAGMA integrity_check');
    return rows.map((row) => row.integrity_check).join('; ');
  }

  async runs(): Promise<RunRecord[]> {
    const found: RunRecord[] = [];
    for (let after = ''; ;) {
      const rows = await this.#query<RunRow>(
        `SELECT id, idempotency_key, pipeline, status, params, parent, parent_step, parent_attempt
         FROM run WHERE id > '${after}' ORDER BY id LIMIT ${page}`,
      );
      const runs = rows.map(recordOf);
      const last = runs.at(-1)?.run;
      if (last === undefined) return found;
      await this.#addSteps(runs, after, last);
      found.push(...runs);
      after = last;
    }
  }

  async #addSteps(runs: RunRecord[], after: string, last: string): Promise<void> {
    const byId = new Map(runs.map((run) => [run.run, run]));
    const rows = await this.#query<StepRecord & { run: string; name: string; outputs: unknown }>(
      `SELECT run, name, status, token, attempt, outputs, error, child FROM step WHERE run > '${after}' AND run <= '${last}'`,
    );
    for (const { run, name, status, token, attempt, outputs, error, child } of rows)
      byId.get(run)?.steps.push({
        step: name,
        status,
        token,
        attempt,
        outputs: parsed(outputs) as StepRecord['outputs'],
        error,
        child: child ?? null,
      });
  }

  /** Artifacts whose bytes are not what their names say. */
  async brokenArtifacts(): Promise<string[]> {
    const root = join(this.env['ARTIFACTS_URL'] ?? '', 'sha256');
    const broken: string[] = [];
    for (const folder of await readdir(root).catch(() => [] as string[]))
      for (const file of await readdir(join(root, folder))) {
        const digest = createHash('sha256')
          .update(await readFile(join(root, folder, file)))
          .digest('hex');
        if (digest !== folder + file) broken.push(folder + file);
      }
    return broken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source?.destroy();
  }
}
