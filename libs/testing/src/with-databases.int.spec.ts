import pg from 'pg';
import { withDatabases } from './with-databases.js';

withDatabases((database) => {
  it('gives every caller a database of its own', async () => {
    const [a, b] = [await database.fresh(), await database.fresh()];
    if (database.kind === 'sqlite') {
      expect([a, b]).toEqual([undefined, undefined]);
      return;
    }
    expect(a).not.toBe(b);
    const client = new pg.Client(a);
    await client.connect();
    expect((await client.query('SELECT current_database() AS name')).rows[0].name).toBe(
      new URL(String(a)).pathname.slice(1),
    );
    await client.end();
  });
});
