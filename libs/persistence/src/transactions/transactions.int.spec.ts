import { setImmediate } from 'node:timers/promises';
import { withDatabases } from '@millrace/testing';
import { Account, account, freshBank, type Bank } from '../account.fixture.js';
import { forUpdate } from './for-update.js';
import { isUniqueViolation } from './database-error.js';

withDatabases((database) => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await freshBank(database);
  });
  afterAll(() => bank[Symbol.asyncDispose]());
  beforeEach(() => bank.accounts.clear());

  const balanceOf = async (name: string) => (await bank.accounts.findOneByOrFail({ name })).balance;

  it('commits all or nothing', async () => {
    await bank.transactions.run((em) => em.insert(Account, account('kept', 1)));
    const failing = bank.transactions.run(async (em) => {
      await em.update(Account, { name: 'kept' }, { balance: 99 });
      await em.insert(Account, account('lost'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await bank.accounts.find()).toEqual([expect.objectContaining({ name: 'kept', balance: 1 })]);
  });

  it('keeps a hundred concurrent transactions apart, failed ones and plain writes among them', async () => {
    await bank.transactions.run((em) => em.insert(Account, account('total')));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, i) =>
        i % 10 === 9
          ? bank.accounts.insert(account(`plain-${i}`))
          : bank.transactions.run(async (em) => {
              const total = await em.findOneOrFail(Account, { where: { name: 'total' }, ...forUpdate(em) });
              await em.insert(Account, account(`own-${i}`, i));
              await setImmediate(); // lets the others in
              await em.update(Account, { name: 'total' }, { balance: total.balance + 1 });
              if (i % 3 === 0) throw new Error(`rolled back ${i}`);
            }),
      ),
    );
    const failed = outcomes.filter(({ status }) => status === 'rejected').length;
    const own = (await bank.accounts.find()).filter(({ name }) => name.startsWith('own-'));
    expect(failed).toBe(
      Array.from({ length: 100 }, (_, i) => i).filter((i) => i % 10 !== 9 && i % 3 === 0).length,
    );
    expect(await balanceOf('total')).toBe(90 - failed);
    expect(own.map(({ balance }) => balance % 3).includes(0)).toBe(false);
    expect(own).toHaveLength(90 - failed);
    expect(await bank.accounts.countBy({ closed: false })).toBe(1 + own.length + 10);
  });

  it('does not show plain readers what is not committed, nor makes them wait', async () => {
    await bank.accounts.insert(account('a', 1));
    await bank.transactions.run(async (em) => {
      await em.update(Account, { name: 'a' }, { balance: 2 });
      expect(await balanceOf('a')).toBe(1);
      expect((await em.findOneByOrFail(Account, { name: 'a' })).balance).toBe(2);
    });
    expect(await balanceOf('a')).toBe(2);
  });

  it("does not put a plain write into somebody else's transaction", async () => {
    const failing = bank.transactions.run(async (em) => {
      await em.insert(Account, account('in'));
      await insideReached();
      throw new Error('no');
    });
    let insideReached: () => Promise<void> = () => Promise.resolve();
    const started = new Promise<void>((resolve) => {
      insideReached = async () => {
        resolve();
        await setImmediate();
      };
    });
    await started;
    const plain = bank.accounts.insert(account('out'));
    await expect(failing).rejects.toThrow('no');
    await plain;
    expect((await bank.accounts.find()).map(({ name }) => name)).toEqual(['out']);
  });

  it('says so when a transaction is started inside of another', async () => {
    const nested = bank.transactions.run(() => bank.transactions.run(() => Promise.resolve(1)));
    await expect(nested).rejects.toThrow('through its EntityManager');
    expect(await bank.transactions.run(() => Promise.resolve(2))).toBe(2);
  });

  it('lets work that outlives its transaction start another', async () => {
    let later: Promise<number> | undefined;
    let go: () => void = () => undefined;
    await bank.transactions.run(() => {
      later = new Promise<void>((resolve) => (go = resolve)).then(() =>
        bank.transactions.run(() => Promise.resolve(3)),
      );
      return Promise.resolve();
    });
    go();
    expect(await later).toBe(3);
  });

  it('rolls back to a savepoint when an inner EntityManager.transaction fails', async () => {
    await bank.transactions.run(async (em) => {
      await em.insert(Account, account('outer'));
      await em
        .transaction(async (inner) => {
          await inner.insert(Account, account('inner'));
          throw new Error('only this');
        })
        .catch(() => undefined);
    });
    expect((await bank.accounts.find()).map(({ name }) => name)).toEqual(['outer']);
  });

  it('tells a key that is taken', async () => {
    await bank.accounts.insert(account('a'));
    const error: unknown = await bank.transactions
      .run((em) => em.insert(Account, account('a')))
      .catch((e: unknown) => e);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(new Error('no'))).toBe(false);
  });

  it('also serves TypeORM-style transactions and saves', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2
          ? bank.accounts.save(account(`s-${i}`))
          : bank.dataSource.transaction((em) => em.save(Account, account(`s-${i}`))),
      ),
    );
    expect(await bank.accounts.count()).toBe(20);
  });

  it('calls back once after the commit, and not after a rollback', async () => {
    const calls: string[] = [];
    const listener = () => void calls.push('committed');
    await bank.transactions.run(async (em) => {
      bank.transactions.onCommit(em, listener);
      bank.transactions.onCommit(em, listener);
      await em.insert(Account, account('a'));
      expect(calls).toEqual([]);
    });
    await bank.transactions
      .run((em) => {
        bank.transactions.onCommit(em, listener);
        return Promise.reject(new Error('no'));
      })
      .catch(() => undefined);
    expect(calls).toEqual(['committed']);
  });
});
