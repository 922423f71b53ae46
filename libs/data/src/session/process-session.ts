import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainError } from '@millrace/contracts';
import type { ChildPool } from './child-pool.js';
import { fromDuckDb } from './duckdb-error.js';
import { createOptions, lockDown } from './lock-down.js';
import type { EngineSettings, RawResult, Session, SessionOptions } from './session.js';
import { watch } from './watch.js';

/**
 * A session in a process of its own, for files from outside and SQL that is not ours. What overruns is killed: DuckDB
 * notices an interrupt only between vectors, so that one call such as `repeat('a', 3000000000)` would run on for long.
 */
export const withProcessSession = async <T>(
  pool: ChildPool,
  settings: EngineSettings,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const spill = await mkdtemp(join(settings.tempDirectory, 'millrace-duckdb-'));
  const child = pool.take();
  child.hold();
  let stopped: DomainError | undefined;
  const kill = (reason: DomainError) => {
    stopped = reason;
    child.kill();
  };
  const unwatch = watch(settings, options, kill, () => child.residentBytes);
  const run = async (sql: string) => (await child.request({ run: sql })) as RawResult;
  try {
    await child.request({ open: createOptions(settings, spill, !!options.writes) });
    for (const statement of lockDown(options)) await run(statement);
    return await work({ run });
  } catch (thrown) {
    throw stopped ?? fromDuckDb(thrown);
  } finally {
    unwatch();
    await child.request({ close: true }).then(
      () => pool.give(child),
      () => child.kill(),
    );
    child.rest();
    await rm(spill, { recursive: true, force: true });
  }
};
