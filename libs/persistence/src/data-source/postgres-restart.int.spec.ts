import { eventually, startPostgres, type TestPostgres } from '@millrace/testing';
import { Account, account, openBank, type Bank } from '../account.fixture.js';

const skip = process.env['MILLRACE_TEST_POSTGRES'] === 'skip';
if (skip) console.warn('PostgreSQL is not installed: the test of its restart is skipped');

(skip ? describe.skip : describe)('PostgreSQL that comes and goes', () => {
  let postgres: TestPostgres;
  let bank: Bank;
  const published: string[] = [];

  beforeAll(async () => {
    postgres = (await startPostgres())!;
    bank = await openBank({ databaseUrl: postgres.url }, ({ messageId }) => {
      published.push(messageId);
      return Promise.resolve();
    });
  });
  afterAll(async () => {
    await bank.app.close();
    await postgres.stop();
  });

  const open = (name: string) =>
    bank.transactions.run(async (em) => {
      await em.insert(Account, account(name));
      await bank.outbox.add(em, { subject: 's', messageId: name, body: name });
    });

  it('is refused while away, and works again by itself afterwards', async () => {
    await open('before');
    const interrupted = bank.transactions.run(async (em) => {
      await em.insert(Account, account('interrupted'));
      await postgres.kill();
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(open('while')).rejects.toMatchObject({ code: 'unavailable' });
    expect((await bank.health.status()).checks['database']).toMatchObject({ ok: false });

    await postgres.restart();
    await eventually(async () => (await bank.health.status()).status === 'ready');
    await open('after');
    expect((await bank.accounts.find({ order: { name: 'ASC' } })).map(({ name }) => name)).toEqual([
      'after',
      'before',
    ]);
    await eventually(() => published.includes('after'));
    expect(published.filter((name) => name !== 'before' && name !== 'after')).toEqual([]);
  });

  it('is waited for at the start', async () => {
    await postgres.kill();
    const opening = openBank({ databaseUrl: postgres.url }, () => Promise.resolve());
    await postgres.restart();
    await using late = await opening;
    expect(await late.accounts.count()).toBeGreaterThan(0);
  });

  it('is not waited for when it refuses us', async () => {
    const url = new URL(postgres.url);
    url.pathname = '/no-such-database';
    await expect(openBank({ databaseUrl: url.href }, () => Promise.resolve())).rejects.toThrow(
      'DATABASE_URL: database "no-such-database" does not exist',
    );
  });
});
