import type { MigrationInterface, QueryRunner } from 'typeorm';
import { temporaryDirectory, withDatabases, type TemporaryDirectory } from '@millrace/testing';
import { account, CreateAccount1710000000000, openBank } from '../account.fixture.js';
import type { PersistenceOptions } from '../index.js';

class HalfWay1720000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE account ADD COLUMN half integer');
    throw new Error('killed half-way');
  }

  down(): Promise<void> {
    return Promise.resolve();
  }
}

class AddOwner1730000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE account ADD COLUMN owner text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE account DROP COLUMN owner');
  }
}

const nobody = () => Promise.resolve();

withDatabases((database) => {
  let directory: TemporaryDirectory;
  let options: Partial<PersistenceOptions>;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    options = { dataDir: directory.path, databaseUrl: await database.fresh() };
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  it('runs once, and finds its data again', async () => {
    const first = await openBank(options, nobody);
    await first.accounts.insert(account('kept', 5));
    await first.app.close();
    await using second = await openBank(options, nobody);
    expect(await second.accounts.find()).toEqual([expect.objectContaining({ name: 'kept', balance: 5 })]);
  });

  it('lets several replicas start on an empty database at once', async () => {
    const banks = await Promise.all(Array.from({ length: 4 }, () => openBank(options, nobody)));
    await Promise.all(banks.map((bank, i) => bank.accounts.insert(account(`a${i}`))));
    expect(await banks[0]!.accounts.count()).toBe(4);
    await Promise.all(banks.map((bank) => bank.app.close()));
  });

  it('leaves nothing of a migration that failed, and can be run again', async () => {
    const failing = openBank(
      { ...options, migrations: [CreateAccount1710000000000, HalfWay1720000000000] },
      nobody,
    );
    await expect(failing).rejects.toThrow('killed half-way');
    await using mended = await openBank(
      { ...options, migrations: [CreateAccount1710000000000, AddOwner1730000000000] },
      nobody,
    );
    const rows = (await mended.dataSource.query('SELECT * FROM account')) as unknown[];
    expect(rows).toEqual([]);
    await expect(mended.dataSource.query('SELECT half FROM account')).rejects.toThrow(/half/);
    await mended.dataSource.query('SELECT owner FROM account');
  });

  it('serves the old version beside the new one', async () => {
    await using old = await openBank(options, nobody);
    await using fresh = await openBank(
      { ...options, migrations: [CreateAccount1710000000000, AddOwner1730000000000] },
      nobody,
    );
    await old.accounts.insert(account('from-old'));
    expect(await fresh.accounts.count()).toBe(1);
    await using oldAgain = await openBank(options, nobody);
    expect(await oldAgain.accounts.count()).toBe(1);
  });

  it('reverts', async () => {
    await using bank = await openBank(options, nobody);
    await bank.dataSource.undoLastMigration();
    await expect(bank.accounts.count()).rejects.toThrow(/account/);
  });

  it("refuses another service's database", async () => {
    await using _bank = await openBank({ ...options, service: 'bank' }, nobody);
    const { databaseUrl } = options;
    if (databaseUrl === undefined) return;
    await expect(openBank({ ...options, service: 'shop' }, nobody)).rejects.toThrow(
      "belongs to the service 'bank'",
    );
  });
});
