import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failure, workbench } from '../workbench.js';

/** Ten rows, four of them at one time. */
const times = ['01', '03', '02', '04', '04', '04', '04', '05', '06', '07'];
const csv = `id,at,v\n${times.map((day, i) => `${i},2020-01-${day},x`).join('\n')}\n`;

describe('splitting', () => {
  let bench: Awaited<ReturnType<typeof workbench>>;
  beforeAll(async () => {
    bench = await workbench();
    await bench.data.importFile(await bench.file('in.csv', csv), { format: 'csv' }, bench.path('in'));
  });
  afterAll(() => bench[Symbol.asyncDispose]());

  const out = () => ({ train: bench.path('train'), test: bench.path('test') });
  const ids = async (name: string) => (await bench.data.preview([bench.path(name)], 100)).map(({ id }) => id);

  it.each([
    [0.2, 8, '2020-01-06T00:00:00Z'],
    [0.3, 7, '2020-01-05T00:00:00Z'],
    // The cut would fall among the four rows of the 4th: all of them go to the nearer side.
    [0.4, 7, '2020-01-05T00:00:00Z'],
    [0.6, 3, '2020-01-04T00:00:00Z'],
    [0.99, 1, '2020-01-02T00:00:00Z'],
    [0.01, 9, '2020-01-07T00:00:00Z'],
  ])('by time, test %f: %i rows before %s', async (testFraction, train, boundary) => {
    const result = await bench.data.split(
      [bench.path('in')],
      { by: 'time', column: 'at', testFraction },
      out(),
    );
    expect(result).toMatchObject({ train, test: 10 - train, boundary });
    expect(await ids('train')).toEqual(
      [...times.keys()].filter((i) => `2020-01-${times[i]}T00:00:00Z` < boundary),
    );
    expect(await ids('test')).toEqual(
      [...times.keys()].filter((i) => `2020-01-${times[i]}T00:00:00Z` >= boundary),
    );
  });

  it('by chance: exact share, by seed, disjoint and complete, in order', async () => {
    const random = (seed: number) =>
      bench.data.split([bench.path('in')], { by: 'random', seed, testFraction: 0.3 }, out());
    expect(await random(1)).toMatchObject({ train: 7, test: 3 });
    const [train, test] = [await ids('train'), await ids('test')];
    expect([...train, ...test].map(Number).sort((a, b) => a - b)).toEqual([...times.keys()]);
    expect(train).toEqual([...train].map(Number).sort((a, b) => a - b));
    const digest = async () =>
      createHash('sha256')
        .update(await readFile(bench.path('test')))
        .digest('hex');
    const first = await digest();
    await random(1);
    expect(await digest()).toBe(first);
    const others: string[] = [];
    for (const seed of [2, 3, 4]) {
      await random(seed);
      others.push(await digest());
    }
    expect(others.some((other) => other !== first)).toBe(true);
  });

  it.each([
    [{ by: 'time', column: 'nope', testFraction: 0.2 } as const, 'invalid_request', "no column 'nope'"],
    [{ by: 'time', column: 'v', testFraction: 0.2 } as const, 'invalid_request', "'v' is a string"],
  ])('refuses %j', async (options, code, message) => {
    const error = await failure(bench.data.split([bench.path('in')], options, out()));
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it.each([
    ['rows without a time', 'at\n2020-01-01\n2020-01-02\n""\n', 'missing in 1 of 3 rows'],
    ['one time only', 'at\n2020-01-01\n2020-01-01\n', 'same time'],
  ])('refuses %s', async (_, content, message) => {
    await bench.data.importFile(await bench.file('x.csv', content), { format: 'csv' }, bench.path('x'));
    const error = await failure(
      bench.data.split([bench.path('x')], { by: 'time', column: 'at', testFraction: 0.5 }, out()),
    );
    expect(error).toMatchObject({ code: 'data_invalid', message: expect.stringContaining(message) });
  });
});
