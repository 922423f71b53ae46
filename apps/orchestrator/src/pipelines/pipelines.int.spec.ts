import {
  componentList,
  DomainError,
  pipelineGet,
  pipelineList,
  pipelineSchemaGet,
  pipelineSubmit,
  type FieldError,
} from '@millrace/contracts';
import { eventually, withDatabases } from '@millrace/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { FakeWorker, fakeDescriptor } from '../testing/fake-worker.js';
import { TestBed } from '../testing/test-bed.js';

const good = (name: string, value = 1) =>
  `name: ${name}\nsteps: { a: { component: test.add, params: { value: ${value} } } }`;

withDatabases((database) => {
  describe('pipelines', () => {
    let bed: TestBed;
    beforeAll(async () => void (bed = await TestBed.start(database)));
    afterAll(() => bed[Symbol.asyncDispose]());

    const refused = async (yaml: string): Promise<FieldError[]> => {
      try {
        await bed.submit(yaml);
      } catch (error) {
        if (error instanceof DomainError && error.code === 'invalid_request')
          return error.details?.fields ?? [];
        throw error;
      }
      throw new Error('was not refused');
    };

    it('makes a new version of what has changed, and none of what has not', async () => {
      expect(await bed.submit(good('one'))).toMatchObject({ name: 'one', version: 1 });
      expect(await bed.submit(good('one'))).toMatchObject({ version: 1 });
      expect(await bed.submit(good('one', 2))).toMatchObject({ version: 2 });
      const definition = { name: 'one', steps: { a: { component: 'test.add', params: { value: 2 } } } };
      expect(await bed.call(pipelineSubmit, { definition })).toMatchObject({ version: 2, definition });
      expect(await bed.call(pipelineGet, { name: 'one' })).toMatchObject({ version: 2, definition });
      await expect(bed.call(pipelineGet, { name: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    });

    it('gives the schema that editors check pipelines with', async () => {
      const schema = await bed.call(pipelineSchemaGet, {});
      expect(schema.$id).toBe('urn:millrace:schema:pipeline:v1');
      const validate = new Ajv2020({ strict: false }).compile(schema);
      expect(validate(parse(good('one')))).toBe(true);
      expect(validate(parse('name: one\nstep: {}'))).toBe(false);
    });

    it('lists the latest version of each, by name, page by page', async () => {
      for (const name of ['list-b', 'list-a', 'list-c']) await bed.submit(good(name));
      const page = await bed.call(pipelineList, { limit: 2, after: 'list' });
      expect(page).toMatchObject({ items: [{ name: 'list-a' }, { name: 'list-b' }], next: 'list-b' });
      expect((await bed.call(pipelineList, { after: 'list-b' })).items[0]).toMatchObject({ name: 'list-c' });
    });

    it('knows the pipelines that others run', async () => {
      await bed.submit(
        'name: inner\nparams: { x: { type: integer } }\nsteps: { a: { component: test.add } }',
      );
      expect(
        await refused(
          'name: outer\nsteps:\n  a: { pipeline: inner, params: { x: many } }\n  b: { pipeline: absent }\n  c: { component: test.add, inputs: { a: a.a__other } }',
        ),
      ).toMatchObject([
        { line: 3, field: 'steps.a.params.x', message: 'must be an integer' },
        { line: 4, field: 'steps.b.pipeline', message: "there is no pipeline 'absent'" },
        { line: 5, field: 'steps.c.inputs.a', message: expect.stringContaining('(outputs: a__value)') },
      ]);
    });

    it('says all that is wrong with a pipeline at once, each with its line', async () => {
      const fields = await refused(
        [
          'name: wrong',
          'steps:',
          '  a: { component: test.add, after: [b] }',
          '  b: { component: test.add, inputs: { a: a.value } }',
          '  c: { component: test.add, inputs: { a: d.dataset } }',
          '  d: { component: test.write }',
          '  e: { component: test.nothing }',
          '  f: { component: test.add, params: { valeu: 1 } }',
        ].join('\n'),
      );
      expect(fields).toEqual([
        { line: 3, field: 'steps.a', message: 'waits for itself: a → b → a' },
        {
          line: 5,
          field: 'steps.c.inputs.a',
          message: "input 'c.a' (test.add) takes value, but output 'd.dataset' (test.write) gives dataset",
        },
        { line: 6, field: 'steps.d.params.text', message: 'is missing' },
        {
          line: 7,
          field: 'steps.e.component',
          message: "component 'test.nothing' is not known: no service offers it",
        },
        { line: 8, field: 'steps.f.params.valeu', message: 'is not a known field' },
      ]);
    });

    it('refuses text that is too long, and both forms at once', async () => {
      await expect(bed.submit('#'.repeat(600_000))).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'yaml' }] },
      });
      const definition = { name: 'x', steps: { a: { component: 'test.add' } } };
      await expect(bed.call(pipelineSubmit, { yaml: good('x'), definition })).rejects.toMatchObject({
        details: { fields: [{ field: 'definition' }] },
      });
    });

    it('knows the components that are alive, and those that it has seen', async () => {
      await using fake = new FakeWorker(bed.client, fakeDescriptor);
      await fake.start();
      // Of two workers, as one who asks around hears it.
      const twice = { ...fakeDescriptor, name: 'fake.twice' };
      bed.client.publish(bed.client.subjects.announce(), { service: 'fake', descriptors: [twice, twice] });
      const items = await eventually(async () => {
        const { items: seen } = await bed.call(componentList, {});
        const known = new Set(seen.map(({ name }) => name));
        return known.has('fake.step') && known.has('fake.twice') && seen;
      });
      const names = items.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['fake.step', 'test.add', 'test.wait']));
      expect(names).toEqual([...names].sort());
      expect(items.every(({ alive }) => alive)).toBe(true);
      await bed.orchestrator?.stop();
      await bed.stopWorker();
      await bed.startOrchestrator();
      const remembered = (await bed.call(componentList, {})).items;
      for (const descriptor of [fakeDescriptor, twice])
        expect(remembered.find(({ name }) => name === descriptor.name)).toEqual({
          ...descriptor,
          alive: false,
        });
      await bed.startWorker();
    });
  });
});
