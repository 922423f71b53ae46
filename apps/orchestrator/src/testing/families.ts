import type { RunView } from '@millrace/contracts';
import type { TestBed } from './test-bed.js';
import { effectsOf } from './test-components.js';

/** Three deep, with a limit in the middle: five runs, which pass data up. */
export const family = [
  `
name: leaf
steps: { make: { component: test.write, params: { text: leaf } } }
finally: { clean: { component: test.write, params: { text: clean } } }
`,
  `
name: middle
concurrency: 1
params: { suffix: { type: string } }
steps:
  deep: { pipeline: leaf }
  more: { component: test.copy, inputs: { dataset: deep.make__dataset }, params: { suffix: '\${{ params.suffix }}' } }
`,
  `
name: top
steps:
  each: { pipeline: middle, foreach: { items: [a, b] }, params: { suffix: '\${{ item }}' } }
  last: { component: test.join, inputs: { datasets: each.more__dataset } }
`,
];

/** A run, and all that were begun because of it. */
export const familyOf = async (bed: TestBed, run: string): Promise<RunView[]> => {
  const view = await bed.get(run);
  const below = await Promise.all(view.steps.flatMap(({ child }) => (child ? [familyOf(bed, child)] : [])));
  return [view, ...below.flat()];
};

/** What workers did for them, as `pipeline/step`. */
export const effectsIn = (views: readonly RunView[]): string[] =>
  views.flatMap(({ run, pipeline }) => effectsOf(run).map(({ step }) => `${pipeline}/${step}`)).sort();

/** Runs that were begun by others, whoever knows of them, and what none of them has been told yet. */
export const leftOver = (bed: TestBed): Promise<{ children: number; messages: number }> =>
  bed.database(async (query) => {
    const count = async (from: string) =>
      Number((await query<{ n: unknown }>(`SELECT count(*) AS n FROM ${from}`))[0]?.n);
    return { children: await count('run WHERE parent IS NOT NULL'), messages: await count('run_message') };
  });

/** At its end as it should be, with every run begun once and every one told what it has to know. */
export const expectWhole = async (bed: TestBed, run: string): Promise<RunView[]> => {
  expect(await bed.finished(run)).toMatchObject({
    status: 'succeeded',
    steps: [{}, { step: 'last', outputs: { text: 'leafa leafb' } }, {}, {}],
  });
  const views = await familyOf(bed, run);
  expect(views.map(({ pipeline }) => pipeline)).toEqual(['top', 'middle', 'leaf', 'middle', 'leaf']);
  const ends = views.flatMap(({ steps }) => steps.map(({ status, attempt }) => `${status} ${attempt}`));
  expect(ends.filter((end) => !/^(succeeded|cached) [01]$/.test(end))).toEqual([]);
  return views;
};
