import { eventually, temporaryDirectory, withDatabases, type TestDatabase } from '@millrace/testing';
import { withTrace } from '@millrace/observability';
import { Account, account, freshBank, openBank, type Bank } from '../account.fixture.js';
import { maxMessageBytes } from './outbox.js';
import type { OutboxPublisher } from './outbox-publisher.js';

/** Takes note of what is published, and refuses subjects while told to. */
class Receiver {
  readonly got: { subject: string; messageId: string; body: unknown; headers: Record<string, string> }[] = [];
  readonly refused = new Set<string>();
  attempts = 0;
  onAvailable: () => void = () => undefined;

  readonly publisher: OutboxPublisher = Object.assign(
    (m: Parameters<OutboxPublisher>[0]) => {
      this.attempts++;
      if (this.refused.has(m.subject)) return Promise.reject(new Error(`${m.subject} is away`));
      const { payload, ...rest } = m;
      this.got.push({ ...rest, body: JSON.parse(Buffer.from(payload).toString()) });
      return Promise.resolve();
    },
    { onAvailable: (listener: () => void) => void (this.onAvailable = listener) },
  );

  bodies(subject: string): unknown[] {
    return this.got.filter((message) => message.subject === subject).map(({ body }) => body);
  }
}

const pending = async (bank: Bank): Promise<number> =>
  Number(
    ((await bank.dataSource.query('SELECT count(*) AS n FROM outbox')) as { n: number | string }[])[0]?.n,
  );

const send = (bank: Bank, subject: string, ...bodies: unknown[]): Promise<void> =>
  bank.transactions.run(async (em) => {
    for (const body of bodies)
      await bank.outbox.add(em, { subject, messageId: `${subject}/${String(body)}`, body });
  });

withDatabases((database: TestDatabase) => {
  let receiver: Receiver;
  let bank: Bank;
  beforeEach(async () => {
    receiver = new Receiver();
    bank = await freshBank(database, receiver.publisher);
  });
  afterEach(() => bank[Symbol.asyncDispose]());

  it('publishes after the commit, with id, headers and trace, and keeps no row', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await withTrace(traceparent, 'test', () =>
      bank.transactions.run(async (em) => {
        await em.insert(Account, account('a'));
        await bank.outbox.add(em, {
          subject: 'opened',
          messageId: 'm1',
          body: { name: 'ü' },
          headers: { x: 'y' },
        });
        expect(receiver.attempts).toBe(0);
      }),
    );
    await eventually(async () => (await pending(bank)) === 0);
    expect(receiver.got).toEqual([
      {
        subject: 'opened',
        messageId: 'm1',
        body: { name: 'ü' },
        headers: { x: 'y', traceparent: expect.stringContaining('4bf92f3577b34da6a3ce929d0e0e4736') },
      },
    ]);
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    await bank.transactions
      .run(async (em) => {
        await bank.outbox.add(em, { subject: 'never', messageId: 'm', body: 1 });
        throw new Error('no');
      })
      .catch(() => undefined);
    await send(bank, 'later', 1);
    // Its row goes behind its publication.
    await eventually(async () => receiver.got.length > 0 && (await pending(bank)) === 0);
    expect(receiver.got.map(({ subject }) => subject)).toEqual(['later']);
  });

  it('keeps the order within a subject, over many transactions and batches', async () => {
    const bodies = Array.from({ length: 600 }, (_, i) => i);
    for (let i = 0; i < 600; i += 100) {
      await send(bank, 'a', ...bodies.slice(i, i + 100));
      await send(bank, 'b', i);
    }
    await eventually(async () => (await pending(bank)) === 0);
    expect(receiver.bodies('a')).toEqual(bodies);
    expect(receiver.bodies('b')).toEqual([0, 100, 200, 300, 400, 500]);
  });

  it('goes on with the other subjects while one is refused, and keeps trying that one in order', async () => {
    receiver.refused.add('full');
    await send(bank, 'full', ...Array.from({ length: 300 }, (_, i) => i));
    await send(bank, 'free', 'x');
    await eventually(() => receiver.bodies('free').length === 1);
    const attempts = receiver.attempts;
    await eventually(() => receiver.attempts >= attempts + 2, { what: 'trying again' });
    expect(await pending(bank)).toBe(300);
    receiver.refused.clear();
    await eventually(async () => (await pending(bank)) === 0);
    expect(receiver.bodies('full')).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('does not sit out a backoff when the other side is back', async () => {
    receiver.refused.add('s');
    await send(bank, 's', 1);
    await eventually(() => receiver.attempts >= 4);
    receiver.refused.clear();
    const since = performance.now();
    receiver.onAvailable();
    await eventually(() => receiver.got.length === 1, { everyMs: 1 });
    // The fifth backoff is 1,280 ms at the least.
    expect(performance.now() - since).toBeLessThan(1_000);
  });

  it('publishes what an earlier process could not', async () => {
    await using directory = await temporaryDirectory();
    const options = { dataDir: directory.path, databaseUrl: await database.fresh() };
    const away = await openBank(options, () => Promise.reject(new Error('away')));
    await send(away, 's', 1, 2, 3);
    await away.app.close();

    await using back = await openBank(options, receiver.publisher);
    await eventually(async () => (await pending(back)) === 0);
    expect(receiver.bodies('s')).toEqual([1, 2, 3]);
  });

  it('finds rows that nobody woke it for', async () => {
    await bank.dataSource.query(
      `INSERT INTO outbox (subject, message_id, payload, headers, created_at) VALUES ('s', 'm', '"by hand"', '{}', 0)`,
    );
    await eventually(() => receiver.bodies('s').length === 1);
    expect(receiver.bodies('s')).toEqual(['by hand']);
  });

  it('says how much waits, as often as it is asked', async () => {
    receiver.refused.add('late');
    await send(bank, 'late', 1, 2);
    // More often than there are connections.
    for (let i = 0; i < 30; i++) expect(await bank.outbox.waiting('late')).toBe(2);
    expect(await bank.outbox.waiting('other')).toBe(0);
    receiver.refused.clear();
    receiver.onAvailable();
    await eventually(async () => (await bank.outbox.waiting('late')) === 0);
  });

  it('shares the rows between replicas: each goes out, once', async () => {
    await using other = await openBank(bank.options, receiver.publisher);
    await Promise.all(Array.from({ length: 60 }, (_, i) => send(i % 2 ? bank : other, `s${i % 7}`, i)));
    await eventually(async () => (await pending(bank)) === 0);
    const ids = receiver.got.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(60);
    // Two processes on one SQLite file are not a deployment; there the message id tells receivers.
    if (database.kind === 'postgres') expect(ids).toHaveLength(60);
  });

  it('fails the transaction when a message is too large to be ever published', async () => {
    const tooLarge = bank.transactions.run(async (em) => {
      await em.insert(Account, account('a'));
      await bank.outbox.add(em, { subject: 's', messageId: 'm', body: 'x'.repeat(maxMessageBytes) });
    });
    await expect(tooLarge).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(await bank.accounts.count()).toBe(0);
  });
});
