import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openDataSource } from '@millrace/persistence';
import { firstVersion } from '../faults/crash-points.js';
import { Lines, type Effect } from '../ledger/ledger.js';
import { definitionOf } from '../workload/definition-of.js';
import { inherited } from '../workload/pipelines.js';
import { addDescriptor } from './descriptors.js';

export const inheritedRun = '01k0000000000000000000old';
export const inheritedX = 4;

/** The tables of the first version, made by an orchestrator that is killed when it has made them. */
const makeTables = async (main: string, env: Record<string, string>): Promise<void> => {
  const child = spawn(process.execPath, [main], {
    env: { ...env, CHAOS_CRASH: firstVersion },
    stdio: 'ignore',
  });
  await once(child, 'exit');
  if (child.signalCode !== 'SIGKILL') throw new Error('the first version of the tables could not be made');
};

const json = (value: unknown): string => `'${JSON.stringify(value)}'`;

/** A run as the first version left it: one step done, one whose worker is gone, one that waits for its next attempt. */
const rowsOf = (now: number, done: Effect): string[] => {
  const definition = definitionOf(inherited);
  const versions = { [addDescriptor.name]: addDescriptor.version };
  const value = { n: done.n, execution: done.execution };
  const error = { code: 'unavailable', message: 'not yet', retryable: true };
  const steps = [
    `0, 'first', 'succeeded', 1, 1, 0, NULL, NULL, ${json({ value })}, NULL`,
    `1, 'left', 'running', 1, 2, 1, ${now + 60_000}, NULL, NULL, NULL`,
    `2, 'right', 'waiting', 1, 1, 0, NULL, ${now - 1}, NULL, ${json(error)}`,
    `3, 'last', 'waiting', 0, 0, 0, NULL, NULL, NULL, NULL`,
  ];
  const { name } = inherited;
  return [
    `INSERT INTO pipeline (name, version) VALUES ('${name}', 1)`,
    `INSERT INTO pipeline_version (name, version, definition, created_at) VALUES ('${name}', 1, ${json(definition)}, ${now})`,
    `INSERT INTO component (name, version, descriptor, seen_at)
     VALUES ('${addDescriptor.name}', '${addDescriptor.version}', ${json(addDescriptor)}, ${now})`,
    `INSERT INTO run (id, pipeline, pipeline_version, status, params, components, use_cache, revision, created_at)
     VALUES ('${inheritedRun}', '${name}', 1, 'running', ${json({ x: inheritedX })}, ${json(versions)}, true, 7, ${now})`,
    ...steps.map(
      (values) =>
        `INSERT INTO step (run, component, revision, position, name, status, attempt, token, lapses, deadline, due_at, outputs, error)
         VALUES ('${inheritedRun}', '${addDescriptor.name}', 7, ${values})`,
    ),
  ];
};

/**
 * Leaves a database behind as the first version had it, with a run under way.
 * @param main of the orchestrator
 */
export const makeOldDatabase = async (main: string, env: Record<string, string>): Promise<void> => {
  await makeTables(main, env);
  const now = Date.now();
  const done: Effect = {
    ...{ run: inheritedRun, step: 'first', attempt: 1, token: 1, execution: 'of-old', n: 5, given: [] },
    ...{ since: now - 1_000, at: now - 900, pid: 0 },
  };
  new Lines<Effect>(env['CHAOS_EFFECTS'] ?? '').append(done);
  const database = await openDataSource({
    service: 'orchestrator',
    databaseUrl: env['DATABASE_URL'],
    dataDir: env['DATA_DIR'] ?? '',
    entities: [],
    migrations: [],
  });
  try {
    for (const row of rowsOf(now, done)) await database.query(row);
  } finally {
    await database.destroy();
  }
};
