import { join } from 'node:path';
import { runPause, runUnpause, type ComponentDescriptor } from '@millrace/contracts';
import { openDataSource } from '@millrace/persistence';
import { temporaryDirectory, withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';
import { Orchestrator1764000000000 } from './orchestrator-1764000000000.js';

const descriptor: ComponentDescriptor = {
  name: 'test.add',
  version: '1.0.0',
  description: 'test.add',
  inputs: { a: { type: 'value', optional: true }, b: { type: 'value', optional: true } },
  outputs: { value: { type: 'value' } },
  params: { type: 'object', properties: { value: { type: 'number', default: 1 } } },
  deterministic: false,
  timeoutMs: 60_000,
};
const definition = {
  name: 'old',
  steps: {
    first: { component: 'test.add' },
    left: { component: 'test.add', inputs: { a: 'first.value' } },
    right: { component: 'test.add', inputs: { a: 'first.value' }, retry: { attempts: 3 } },
    last: { component: 'test.add', inputs: { a: 'left.value', b: 'right.value' } },
  },
};

const json = (value: unknown) => `'${JSON.stringify(value)}'`;
const now = Date.now();
const error = { code: 'internal', message: 'no', retryable: true };

/** A run as version 0.1.0 left it: one step done, one with a worker that is gone, one that waits for its next attempt. */
const rows = [
  `INSERT INTO pipeline (name, version) VALUES ('old', 1)`,
  `INSERT INTO pipeline_version (name, version, definition, created_at) VALUES ('old', 1, ${json(definition)}, ${now})`,
  `INSERT INTO component (name, version, descriptor, seen_at) VALUES ('test.add', '1.0.0', ${json(descriptor)}, ${now})`,
  `INSERT INTO run (id, pipeline, pipeline_version, status, params, components, use_cache, revision, created_at)
   VALUES ('01k0000000000000000000old', 'old', 1, 'running', '{}', ${json({ 'test.add': '1.0.0' })}, true, 7, ${now})`,
  ...[
    `0, 'first', 'succeeded', 1, 1, 0, NULL, NULL, ${json({ value: 5 })}, NULL`,
    `1, 'left', 'running', 1, 2, 1, ${now + 60_000}, NULL, NULL, NULL`,
    `2, 'right', 'waiting', 1, 1, 0, NULL, ${now - 1}, NULL, ${json(error)}`,
    `3, 'last', 'waiting', 0, 0, 0, NULL, NULL, NULL, NULL`,
  ].map(
    (values) =>
      `INSERT INTO step (run, component, revision, position, name, status, attempt, token, lapses, deadline, due_at, outputs, error)
       VALUES ('01k0000000000000000000old', 'test.add', 7, ${values})`,
  ),
];

withDatabases((database) => {
  it('goes on with the half-finished run of a database from before', async () => {
    await using directory = await temporaryDirectory();
    const dataDir = join(directory.path, 'data');
    const databaseUrl = await database.fresh();
    const old = await openDataSource({
      service: 'orchestrator',
      databaseUrl,
      dataDir,
      entities: [],
      migrations: [Orchestrator1764000000000],
    });
    for (const row of rows) await old.query(row);
    await old.destroy();

    await using bed = await TestBed.start(undefined, {
      DATA_DIR: dataDir,
      LEASE_MS: '500',
      QUEUE_CHECK_MS: '300',
      RECONCILE_MS: '50',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    });
    const run = '01k0000000000000000000old';
    const view = await bed.finished(run);
    expect(view).toMatchObject({ status: 'succeeded', pipeline: 'old' });
    expect(view.steps.map(({ step, attempt, outputs }) => [step, attempt, outputs['value']])).toEqual([
      ['first', 1, 5],
      ['left', 1, 6],
      ['right', 2, 6],
      ['last', 1, 13],
    ]);
    const next = await bed.run(JSON.stringify({ ...definition, name: 'new' }));
    await bed.call(runPause, { run: next.run });
    await bed.call(runUnpause, { run: next.run });
    expect((await bed.finished(next.run)).status).toBe('succeeded');
  });
});
