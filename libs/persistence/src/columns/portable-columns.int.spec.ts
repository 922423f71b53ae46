import { withDatabases } from '@millrace/testing';
import { account, freshBank, type Bank } from '../account.fixture.js';

withDatabases((database) => {
  let bank: Bank;
  beforeAll(async () => {
    bank = await freshBank(database);
  });
  afterAll(() => bank[Symbol.asyncDispose]());

  it('brings back what was stored, of the same type', async () => {
    const stored = {
      name: 'ü\'"; DROP TABLE account; --😀',
      balance: -2_147_483_648,
      closed: true,
      rate: 0.1 + 0.2,
      notes: { z: [1, null, { a: 'b' }], a: true, empty: '' },
      openedAt: Number.MAX_SAFE_INTEGER,
    };
    await bank.accounts.save(stored);
    const found = await bank.accounts.findOneByOrFail({ name: stored.name });
    expect({ ...found }).toEqual(stored);
    expect(JSON.stringify(found.notes)).toBe(JSON.stringify(stored.notes));
  });

  it.each([null, 0, false, '', 'null', [], {}])('keeps the JSON value %j', async (notes) => {
    await bank.accounts.save({ ...account('json'), notes });
    expect((await bank.accounts.findOneByOrFail({ name: 'json' })).notes).toEqual(notes);
  });

  it('orders by time as by a number', async () => {
    await bank.accounts.clear();
    for (const openedAt of [9, 10_000_000_000_000, 100]) {
      await bank.accounts.insert({ ...account(String(openedAt)), openedAt });
    }
    const found = await bank.accounts.find({ order: { openedAt: 'ASC' } });
    expect(found.map(({ openedAt }) => openedAt)).toEqual([9, 100, 10_000_000_000_000]);
  });

  it('writes nothing when nothing changed', async () => {
    await bank.accounts.save({ ...account('same'), notes: { b: 1, a: [2] } });
    const found = await bank.accounts.findOneByOrFail({ name: 'same' });
    const writes: string[] = [];
    const { logger } = bank.dataSource;
    const logQuery = logger.logQuery.bind(logger);
    logger.logQuery = (query) => void (/^UPDATE/.test(query) && writes.push(query));
    await bank.accounts.save(found);
    expect(writes).toEqual([]);
    await bank.accounts.save({ ...found, notes: { b: 2 } });
    logger.logQuery = logQuery;
    expect(writes).toHaveLength(1);
  });
});
