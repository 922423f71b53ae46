import {
  DomainError,
  logAppend,
  runLog,
  type AppendLog,
  type ReportedLine,
  type RunLog,
  type RunLogQuery,
} from '@millrace/contracts';
import { openDataSource } from '@millrace/persistence';
import { withDatabases } from '@millrace/testing';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';

const linesOf = (from: number, to: number, level: ReportedLine['level'] = 'info'): ReportedLine[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({
    n: from + i,
    at: 1_767_225_600_000 + i,
    level,
    message: `line ${from + i}`,
  }));
const codeOf = (attempt: Promise<unknown>): Promise<string | undefined> =>
  attempt.then(
    () => undefined,
    (thrown: DomainError) => thrown.code,
  );

withDatabases((database) => {
  describe("a run's log", () => {
    let bed: TestBed;
    let fake: FakeWorker;
    beforeAll(async () => {
      bed = await TestBed.start(database);
      fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
    });
    afterAll(async () => {
      await fake[Symbol.asyncDispose]();
      await bed[Symbol.asyncDispose]();
    });

    const taken = async (name: string, steps = '{ it: { component: fake.step } }') => {
      const { run } = await bed.run(`name: ${name}\nsteps: ${steps}`);
      return fake.taken({ run });
    };
    const read = (query: RunLogQuery): Promise<RunLog> => bed.call(runLog, query);
    const messages = ({ items }: RunLog) => items.map(({ message }) => message);
    const append = (task: { run: string; step: string; token: number }, log: AppendLog['log']) =>
      bed.call(logAppend, { run: task.run, step: task.step, token: task.token, log });

    it('is read page by page, by step and level, and from its end', async () => {
      const task = await taken(
        'paged',
        '{ it: { component: fake.step }, many: { component: test.add, foreach: { items: [1, 2] }, params: { value: -1 } } }',
      );
      await append(task, { source: 'a', lines: linesOf(1, 7) });
      await append(task, { source: 'a', lines: linesOf(8, 9, 'error') });
      await fake.complete(task, 1);
      await bed.finished(task.run);
      const { run } = task;
      const whole = await read({ run, after: '0' });
      expect(whole).toMatchObject({ status: 'succeeded', cursor: String(whole.items.at(-1)?.id) });
      expect(whole.next).toBeUndefined();

      const pages: string[] = [];
      for (let after: string | undefined = '0'; after !== undefined;) {
        const page: RunLog = await read({ run, after, limit: 3 });
        expect(page.items.length).toBeLessThanOrEqual(3);
        pages.push(...messages(page));
        after = page.next;
      }
      expect(pages).toEqual(messages(whole));

      const said = messages({ items: whole.items.filter(({ step }) => step === 'it') });
      expect(messages(await read({ run, step: 'it', after: '0' }))).toEqual(said);
      expect(messages(await read({ run, level: 'error', after: '0' }))).toEqual(['line 8', 'line 9']);
      expect(messages(await read({ run, step: 'it', level: 'error,info', limit: 2 }))).toEqual(
        said.slice(-2),
      );
      const many = await read({ run, step: 'many', level: 'warn' });
      expect(many.items.map(({ step }) => step).sort()).toEqual(['many[0]', 'many[1]']);
      expect(messages(await read({ run, tail: 2 }))).toEqual(messages(whole).slice(-2));
      expect(await read({ run, limit: 0 })).toEqual({ items: [], cursor: whole.cursor, status: 'succeeded' });
      // A page that passed over everything still gets on.
      expect(await read({ run, step: 'it', level: 'warn', after: '0' })).toMatchObject({
        items: [],
        cursor: whole.cursor,
      });
    });

    it('keeps a line once that is reported again, and the same number of another source as well', async () => {
      const task = await taken('again');
      const { run } = task;
      await append(task, { source: 'a', lines: linesOf(1, 2) });
      await append(task, { source: 'a', lines: linesOf(1, 4) });
      await append(task, { source: 'b', lines: linesOf(1, 1) });
      await Promise.all([1, 2, 3].map(() => append(task, { source: 'a', lines: linesOf(3, 6) })));
      const log = { source: 'a', lines: linesOf(5, 7) };
      await fake.complete(task, 1, 'fake', log);
      await bed.finished(run);
      // Too late: what was said is with the completion.
      await append(task, { source: 'a', lines: linesOf(7, 9) });
      const kept = messages(await read({ run, after: '0' }));
      expect(kept.filter((message) => message.startsWith('line'))).toEqual(
        [1, 2, 3, 4, 1, 5, 6, 7].map((n) => `line ${n}`),
      );
      expect(kept.slice(-3)).toEqual(['line 7', expect.stringMatching(/^succeeded after/), 'run succeeded']);
    });

    it('takes nothing under another token, of another run or step, or out of shape', async () => {
      const task = await taken('refused');
      const log = { source: 'a', lines: linesOf(1, 1) };
      expect(await codeOf(append({ ...task, token: 7 }, log))).toBe('conflict');
      expect(await codeOf(append({ ...task, token: 0 }, log))).toBe('conflict');
      expect(await codeOf(append({ ...task, run: 'nowhere' }, log))).toBe('not_found');
      expect(await codeOf(append({ ...task, step: 'nothing' }, log))).toBe('not_found');
      const line = linesOf(1, 1)[0]!;
      for (const wrong of [
        { ...line, n: 0 },
        { ...line, n: 1e15 },
        { ...line, at: Infinity },
        { ...line, at: 9e15 },
        { ...line, message: 'x'.repeat(5_000) },
        { ...line, level: 'debug' },
      ])
        expect(await codeOf(append(task, { source: 'a', lines: [wrong as ReportedLine] }))).toBe(
          'invalid_request',
        );
      expect(await codeOf(append(task, { source: 'a', lines: [] }))).toBe('invalid_request');
      expect(await codeOf(append(task, { source: 'a', lines: linesOf(1, 501) }))).toBe('invalid_request');
      expect(messages(await read({ run: task.run, level: 'info' }))).not.toContain('line 1');
    });

    it.each([
      ['a run that is not there', { run: 'nowhere' }, 'not_found', /run 'nowhere'/],
      ['a step that is not there', { step: 'nothing' }, 'not_found', /has no step 'nothing'; it has it$/],
      ['an end and a beginning', { tail: 1, after: '0' }, 'invalid_request', /tail: goes without 'after'/],
      ['no cursor', { after: 'x' }, 'invalid_request', /after: must be a line's id/],
      ['a negative cursor', { after: '-1' }, 'invalid_request', /after/],
      [
        'a cursor from elsewhere',
        { after: '999999999999999' },
        'invalid_request',
        /after: no line has this id/,
      ],
      [
        'a level that is none',
        { level: 'info,debug' },
        'invalid_request',
        /level: must be one or more of info/,
      ],
      ['too much', { limit: 5_001 }, 'invalid_request', /limit/],
    ])('says what is wrong with %s', async (_, query, code, message) => {
      const { run } = await taken('wrong');
      const error = await read({ run, ...query }).then(
        () => undefined,
        (thrown: unknown) => thrown as DomainError,
      );
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    });

    // SQLite writes one transaction after the other anyway.
    if (database.kind !== 'sqlite')
      it('waits for whoever changes the run, and no other run waits for it', async () => {
        const [held, free] = [await taken('held'), await taken('free')];
        const other = await openDataSource({
          service: 'orchestrator',
          databaseUrl: bed.env['DATABASE_URL'],
          dataDir: '',
          entities: [],
          migrations: [],
        });
        const log = { source: 'a', lines: linesOf(1, 2) };
        let waiting: Promise<unknown> = Promise.resolve();
        await other.transaction(async (em) => {
          await em.query(`SELECT id FROM run WHERE id = '${held.run}' FOR UPDATE`);
          const both = [held, free].map((task) => append(task, log));
          waiting = Promise.all(both);
          await Promise.race(both);
          expect(messages(await read({ run: free.run }))).toContain('line 2');
          expect(messages(await read({ run: held.run }))).not.toContain('line 1');
        });
        await waiting;
        expect(messages(await read({ run: held.run })).slice(-2)).toEqual(['line 1', 'line 2']);
        await other.destroy();
      });
  });
});
