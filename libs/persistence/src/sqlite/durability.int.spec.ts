import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually, temporaryDirectory } from '@millrace/testing';
import { Account, account, openBank } from '../account.fixture.js';
import { loadSqlite } from './sqlite-connection.js';
import { assertDurable } from './sqlite-options.js';

const root = join(import.meta.dirname, '../../../..');
const fixture = join(import.meta.dirname, '../__fixtures__/commit-for-ever.ts');
const nobody = () => Promise.resolve();

describe('SQLite', () => {
  it('is opened so that a commit survives a power loss, or not at all', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'x.sqlite');
    const connection = new (loadSqlite())(path);
    connection.pragma('foreign_keys = ON');
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL'); // what TypeORM's enableWAL leaves
    expect(() => assertDurable(connection, path)).toThrow('synchronous=1');
    connection.pragma('synchronous = FULL');
    expect(() => assertDurable(connection, path)).not.toThrow();
    connection.close();
  });

  it('has after SIGKILL whatever was committed, with its messages', async () => {
    await using directory = await temporaryDirectory();
    const child = spawn(
      process.execPath,
      ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register', fixture, directory.path],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env['PATH'], TS_NODE_PROJECT: 'tsconfig.base.json' },
      },
    );
    const committed: string[] = [];
    createInterface(child.stdout).on('line', (line) => void committed.push(line));
    await eventually(() => committed.length > 200, { timeoutMs: 20_000 });
    const dead = once(child, 'close');
    child.kill('SIGKILL');
    await dead;

    const published = new Set<string>();
    await using bank = await openBank({ dataDir: directory.path }, ({ messageId }) => {
      published.add(messageId);
      return Promise.resolve();
    });
    const names = new Set((await bank.accounts.find()).map(({ name }) => name));
    expect(committed.filter((name) => !names.has(name))).toEqual([]);
    await eventually(() => [...names].every((name) => published.has(name)), {
      what: 'every message going out',
    });
    expect([...published].filter((name) => !names.has(name))).toEqual([]);
    expect(await bank.dataSource.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  it('on a full disk refuses whole transactions, says so, and recovers', async () => {
    await using directory = await temporaryDirectory();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory.path]);
    if (mount.status !== 0)
      return console.warn('cannot mount a tmpfs here: the test of a full disk is skipped');
    const bank = await openBank({ dataDir: directory.path }, nobody);
    try {
      const ballast = join(directory.path, 'ballast');
      await writeFile(ballast, Buffer.alloc(1_500_000));
      const notes = 'x'.repeat(400_000);
      const fill = (name: string) =>
        bank.transactions.run(async (em) => {
          await em.insert(Account, account(`${name}-1`));
          await em.save(Account, { ...account(`${name}-2`), notes });
        });
      let kept = 0;
      const refused: unknown = await (async () => {
        for (; ; kept++) await fill(`t${kept}`);
      })().catch((error: unknown) => error);

      let small = 0;
      await expect(
        (async () => {
          for (; ; small++) await bank.accounts.insert(account(`small-${small}`));
        })(),
      ).rejects.toThrow(/full/);

      expect(refused).toMatchObject({ code: 'storage_full', retryable: true });
      expect(await bank.accounts.count()).toBe(2 * kept + small);
      expect(await bank.health.status()).toMatchObject({
        status: 'unready',
        checks: { database: { ok: false } },
      });

      await rm(ballast);
      await eventually(async () => (await bank.health.status()).status === 'ready');
      await fill('after');
      expect(await bank.accounts.count()).toBe(2 * kept + small + 2);
    } finally {
      await bank.app.close();
      spawnSync('umount', [directory.path]);
    }
  });
});
