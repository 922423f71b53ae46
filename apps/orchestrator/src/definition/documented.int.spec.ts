import { approvalDecide, componentList } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { DocumentedWorker } from '../testing/documented-worker.js';
import { documented, examples } from '../testing/documented.js';
import { TestBed } from '../testing/test-bed.js';
import { parseYaml } from '@millrace/pipeline/definition';
import { statementsIn, unsupportedStatements } from './supported-statements.js';

const runnable = examples().filter(
  ({ yaml }) => !statementsIn(parseYaml(yaml).value).some(({ name }) => unsupportedStatements.has(name)),
);
/** Parameters without a default. */
const given: Record<string, Record<string, unknown>> = {
  'Steps, parameters, connections': { source: 'a' },
  schedule: { rows: 1 },
};
/** What the components are told to do, beside what follows from the number of steps. */
const told: Record<string, readonly unknown[]> = {
  'Steps, parameters, connections': ['Loss: 0.5'],
  Expressions: ['loaded'],
  foreach: [2, 'You are number 0 of 2.', 'You are number 1 of 2.'],
  approval: ['Approved by alice'],
  'onFailure, finally': ['The run succeeded.'],
};
/** Steps and instances that a run has at its end, as `step: status`. */
const ends: Record<string, readonly string[]> = {
  when: ['list: succeeded', 'load: succeeded', 'tell: skipped'],
  until: ['load', 'fit', 'fit#1', 'fit#2', 'fit#3', 'fit#4', 'fit#5', 'fit#6'].map(
    (name) => `${name}: succeeded`,
  ),
  foreach: ['list', 'load', 'load[0]', 'load[1]', 'tell', 'tell[0]', 'tell[1]', 'count'].map(
    (name) => `${name}: succeeded`,
  ),
};

describe('the examples of docs/pipelines.md, run', () => {
  let bed: TestBed;
  let worker: DocumentedWorker;
  beforeAll(async () => {
    bed = await TestBed.start();
    worker = new DocumentedWorker(bed.client);
    await worker.start();
    await eventually(async () => {
      const { items } = await bed.call(componentList, {});
      return documented.every(({ name }) => items.some((item) => item.name === name));
    });
    await bed.submit(
      'name: loading\nparams: { rows: { type: integer } }\nsteps: { import: { component: files.load, params: { source: a } } }',
    );
  });
  afterAll(async () => {
    await worker[Symbol.asyncDispose]();
    await bed[Symbol.asyncDispose]();
  });

  it.each(runnable)('$heading', async ({ heading, yaml }) => {
    const { run } = await bed.run(yaml, { params: given[heading] ?? {}, cache: false });
    if (heading === 'approval')
      await eventually(() =>
        bed
          .call(approvalDecide, { run, step: 'approve', by: 'alice', approved: true })
          .catch(() => undefined),
      );
    const { status, steps } = await bed.finished(run);
    expect({ status, failed: steps.filter((step) => step.status === 'failed') }).toEqual({
      status: 'succeeded',
      failed: [],
    });
    const texts = worker.tasks
      .filter((task) => task.run === run && task.component === 'mail.send')
      .map(({ params }) => params['text']);
    expect(texts).toEqual(expect.arrayContaining([...(told[heading] ?? [])]));
    const states = steps.map((step) => `${step.step}: ${step.status}`);
    if (ends[heading]) expect(states.sort()).toEqual([...ends[heading]].sort());
  });
});
