import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runLog } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { TestBed } from '../testing/test-bed.js';

const secret = 'tr0ub4dor-and-3';
const pipeline = (name: string, more: string) =>
  `name: ${name}\nsteps: { login: { component: test.login, params: { password: '\${{ secrets.warehouse }}', ${more} } } }`;

withDatabases((database) => {
  describe('secrets', () => {
    let bed: TestBed;
    beforeAll(async () => {
      process.env['SECRET_WAREHOUSE'] = secret;
      bed = await TestBed.start(database);
    });
    afterAll(async () => {
      delete process.env['SECRET_WAREHOUSE'];
      await bed[Symbol.asyncDispose]();
    });

    it('reach the component, and are in no table, message, log or error', async () => {
      const messages: string[] = [];
      const all = bed.client.nc.subscribe('>', {
        callback: (_, message) => void messages.push(message.string()),
      });
      await bed.client.nc.flush();
      const { run } = await bed.run(pipeline('told', 'fail: false'));
      expect(await bed.finished(run)).toMatchObject({
        status: 'succeeded',
        steps: [{ outputs: { value: secret.length } }],
      });
      const failed = await bed.finished((await bed.run(pipeline('failing', 'fail: true'))).run);
      expect(failed.steps[0]?.error?.message).toBe('no access with ***');
      expect((await bed.call(runLog, { run: failed.run })).items.length).toBeGreaterThan(0);

      const kept = await bed.database(async (query) => {
        const tables =
          database.kind === 'sqlite'
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'";
        const rows: unknown[] = [];
        for (const { name } of await query<{ name: string }>(tables))
          rows.push(name, ...(await query(`SELECT * FROM "${name}"`)));
        return JSON.stringify(rows);
      });
      all.unsubscribe();
      const said = messages.join('\n');
      expect(said).toContain('"$secret":"warehouse"');
      expect(said).toContain('test.login');
      expect(kept).toContain('warehouse');
      for (const text of [said, kept]) {
        expect(text).not.toContain(secret);
        expect(text).not.toContain(Buffer.from(secret).toString('base64'));
      }
    });

    it('are on no disk: neither in JetStream nor among the artifacts', async () => {
      const files = await readdir(bed.directory.path, { recursive: true, withFileTypes: true });
      for (const file of files.filter((one) => one.isFile()))
        expect((await readFile(join(file.parentPath, file.name))).includes(secret)).toBe(false);
    });
  });
});
