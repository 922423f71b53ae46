import 'reflect-metadata';
import { Module, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Health } from '@millrace/observability';
import { temporaryDirectory, type TestDatabase } from '@millrace/testing';
import {
  Column,
  DataSource,
  Entity,
  PrimaryColumn,
  type MigrationInterface,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import {
  column,
  createTable,
  Inbox,
  jsonColumn,
  OUTBOX_PUBLISHER,
  Outbox,
  PersistenceModule,
  timestampColumn,
  Transactions,
  type OutboxPublisher,
  type PersistenceOptions,
} from './index.js';

@Entity()
export class Account {
  @PrimaryColumn('text') name: string;
  @Column('integer') balance: number;
  @Column('boolean', { default: false }) closed: boolean;
  @Column('double precision', { nullable: true }) rate: number | null;
  @jsonColumn({ nullable: true }) notes: unknown;
  @timestampColumn() openedAt: number;
}

export class CreateAccount1710000000000 implements MigrationInterface {
  up(queryRunner: QueryRunner): Promise<void> {
    return createTable(queryRunner, 'account', {
      name: column.text({ isPrimary: true }),
      balance: column.integer(),
      closed: column.boolean({ default: false }),
      rate: column.real({ isNullable: true }),
      notes: column.json({ isNullable: true }),
      openedAt: column.timestamp(),
    });
  }

  down(queryRunner: QueryRunner): Promise<void> {
    return queryRunner.dropTable('account');
  }
}

export const account = (name: string, balance = 0) => ({
  name,
  balance,
  openedAt: 1_700_000_000_000,
});

export interface Bank extends AsyncDisposable {
  app: INestApplicationContext;
  dataSource: DataSource;
  transactions: Transactions;
  outbox: Outbox;
  inbox: Inbox;
  accounts: Repository<Account>;
  health: Health;
  /** What to open it again with. */
  options: PersistenceOptions;
}

/** A small service on a database: the whole module, as services use it. */
export const openBank = async (o: Partial<PersistenceOptions>, publisher: OutboxPublisher): Promise<Bank> => {
  const options = {
    service: 'bank',
    dataDir: '',
    entities: [Account],
    migrations: [CreateAccount1710000000000],
    ...o,
  };
  const global = {
    module: class Platform {},
    global: true,
    providers: [Health, { provide: OUTBOX_PUBLISHER, useValue: publisher }],
    exports: [Health, OUTBOX_PUBLISHER],
  };
  @Module({ imports: [global, PersistenceModule.forRoot(options)] })
  class BankModule {}
  const app = await NestFactory.createApplicationContext(BankModule, {
    logger: false,
    abortOnError: false,
  });
  const get = <T>(type: Type<T>): T => app.get(type);
  const dataSource = get(DataSource);
  return {
    app,
    dataSource,
    transactions: get(Transactions),
    outbox: get(Outbox),
    inbox: get(Inbox),
    accounts: dataSource.getRepository(Account),
    health: get(Health),
    options,
    [Symbol.asyncDispose]: () => app.close(),
  };
};

/** A new database, and a directory for it that goes with it. */
export const freshBank = async (
  database: TestDatabase,
  publisher: OutboxPublisher = () => Promise.resolve(),
) => {
  const directory = await temporaryDirectory();
  const bank = await openBank({ dataDir: directory.path, databaseUrl: await database.fresh() }, publisher);
  return {
    ...bank,
    [Symbol.asyncDispose]: async () => {
      await bank.app.close();
      await directory[Symbol.asyncDispose]();
    },
  };
};
