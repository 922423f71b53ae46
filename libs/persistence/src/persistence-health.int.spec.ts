import { withDatabases } from '@millrace/testing';
import { freshBank } from './account.fixture.js';
import { checkDatabase } from './persistence-health.js';

withDatabases((database) => {
  it('is well while transactions end, and not when one hangs', async () => {
    await using bank = await freshBank(database);
    let end: () => void = () => undefined;
    let hanging: Promise<void> | undefined;
    await new Promise<void>((started) => {
      hanging = bank.transactions.run(() => {
        started();
        return new Promise<void>((resolve) => (end = resolve));
      });
    });
    const after = (ms: number) => checkDatabase(bank.dataSource, bank.transactions, performance.now() + ms);
    await after(0);
    await expect(after(31_000)).rejects.toThrow('has not ended for 31 s');
    end();
    await hanging;
    await after(31_000);
  });
});
