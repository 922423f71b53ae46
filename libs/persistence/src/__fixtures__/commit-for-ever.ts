import { Account, account, openBank } from '../account.fixture.js';

/** Commits accounts with a message each, four at a time, and says which only after the commit. Nothing gets published. */
const bank = await openBank({ dataDir: process.argv[2]! }, () => Promise.reject(new Error('away')));

const commitForEver = async (writer: number) => {
  for (let i = 0; ; i++) {
    const name = `${writer}-${i}`;
    await bank.transactions.run(async (em) => {
      await em.insert(Account, account(name));
      await bank.outbox.add(em, { subject: 'opened', messageId: name, body: name });
    });
    process.stdout.write(`${name}\n`);
  }
};
await Promise.all([1, 2, 3, 4].map(commitForEver));
