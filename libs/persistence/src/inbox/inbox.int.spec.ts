import { withDatabases } from '@millrace/testing';
import { Account, account, freshBank, type Bank } from '../account.fixture.js';

withDatabases((database) => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await freshBank(database);
  });
  afterAll(() => bank[Symbol.asyncDispose]());

  const handle = (consumer: string, messageId: string) =>
    bank.transactions.run((em) => bank.inbox.once(em, consumer, messageId));

  it('knows a message that was handled, per consumer', async () => {
    expect(await handle('a', 'm1')).toBe(true);
    expect(await handle('a', 'm1')).toBe(false);
    expect(await handle('b', 'm1')).toBe(true);
    expect(await handle('a', 'm2')).toBe(true);
  });

  it('lets one of twenty concurrent deliveries have the effect', async () => {
    const deliveries = await Promise.all(
      Array.from({ length: 20 }, () =>
        bank.transactions.run(async (em) => {
          if (!(await bank.inbox.once(em, 'c', 'm'))) return false;
          await em.insert(Account, account('effect'));
          return true;
        }),
      ),
    );
    expect(deliveries.filter(Boolean)).toHaveLength(1);
    expect(await bank.accounts.countBy({ name: 'effect' })).toBe(1);
  });

  it('forgets with the transaction that failed', async () => {
    const failing = bank.transactions.run(async (em) => {
      await bank.inbox.once(em, 'd', 'm');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await handle('d', 'm')).toBe(true);
  });

  it('forgets after eight days what no stream can deliver again', async () => {
    const day = 24 * 60 * 60 * 1000;
    await bank.dataSource.query('DELETE FROM inbox');
    await bank.transactions.run(async (em) => {
      for (let i = 0; i < 1_500; i++) await bank.inbox.once(em, 'p', String(i));
    });
    expect(await bank.inbox.prune(Date.now() + 7 * day)).toBe(0);
    expect(await handle('p', '7')).toBe(false);
    expect(await bank.inbox.prune(Date.now() + 9 * day)).toBe(1_500);
    expect(await handle('p', '7')).toBe(true);
  });
});
