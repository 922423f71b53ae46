import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorBody, RunView } from '@millrace/contracts';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { examplePipeline, startMillrace, type TestMillrace } from './support/millrace.js';

/** `${lines}` of CSV with a header, through import, fit and training. */
const csvPipeline = (source: string, fit = 'label: late') => `
name: bad-input
steps:
  import:
    component: ingestion.import
    params: { name: bad-input, source: ${source} }
  fit:
    component: transform.fit
    inputs: { train: import.dataset }
    params: { ${fit} }
  train:
    component: training.fit
    inputs: { train: import.dataset, transform: fit.transform }
    params: { estimator: logistic }
`;

describe('bad inputs, in one process', () => {
  let sources: TemporaryDirectory;
  let millrace: TestMillrace;

  beforeAll(async () => {
    sources = await temporaryDirectory();
    millrace = await startMillrace({ standalone: true, env: { SOURCE_ROOTS: sources.path } });
  });
  afterAll(async () => {
    await millrace[Symbol.asyncDispose]();
    await sources[Symbol.asyncDispose]();
  });

  const csv = (name: string, text: string) => writeFile(join(sources.path, name), text);

  const failure = async (yaml: string): Promise<ErrorBody & { step: string }> => {
    const run = await millrace.ended((await millrace.start(yaml)).run);
    const step = run.steps.find((s) => s.status === 'failed');
    expect(run.status).toBe('failed');
    return { step: String(step?.step), ...(step?.error as ErrorBody) };
  };

  describe('in data fail the step that meets them', () => {
    it('a missing file is named', async () => {
      const error = await failure(csvPipeline('nowhere.csv'));
      expect(error).toMatchObject({ step: 'import', code: 'not_found', retryable: false });
      expect(error.message).toContain('nowhere.csv');
    });

    it('a path outside of the source roots is refused', async () => {
      const error = await failure(csvPipeline('../../../../../../etc/passwd'));
      expect(error).toMatchObject({ step: 'import', retryable: false });
      expect(['forbidden', 'invalid_request', 'not_found']).toContain(error.code);
    });

    it('a malformed row of CSV is named by its line', async () => {
      await csv('malformed.csv', 'distance,late\n100,true\n200,false\n300,true,surplus,cells\n400,false\n');
      const error = await failure(csvPipeline('malformed.csv'));
      expect(error).toMatchObject({ step: 'import', code: 'data_invalid' });
      expect(error.message).toMatch(/malformed\.csv.*line 4/);
    });

    it('an unknown column is named', async () => {
      await csv('good.csv', 'distance,late\n100,true\n200,false\n300,true\n400,false\n');
      const error = await failure(
        csvPipeline('good.csv', 'label: late, columns: { altitude: [{ scale: standard }] }'),
      );
      expect(error.step).toBe('fit');
      expect(error.message).toContain('altitude');
      expect((await failure(csvPipeline('good.csv', 'label: later'))).message).toContain('later');
    });

    it('a target with a missing value is named', async () => {
      await csv('missing-target.csv', 'distance,late\n100,true\n200,\n300,true\n400,false\n');
      const error = await failure(csvPipeline('missing-target.csv'));
      expect(error.code).toBe('data_invalid');
      expect(error.message).toMatch(/late/);
    });

    it('a target of one class is refused', async () => {
      await csv('one-class.csv', 'distance,late\n100,true\n200,true\n300,true\n');
      const error = await failure(csvPipeline('one-class.csv'));
      expect(error.code).toBe('data_invalid');
      expect(error.message).toMatch(/class/);
    });
  });

  describe('in pipelines are all told at once, with their lines', () => {
    const refused = async (
      yaml: string,
    ): Promise<{ errors: { field: string; message: string; line?: number }[] }> => {
      const { status, body } = await millrace.rest.post<{ errors: [] }>('/v1/pipelines', { yaml });
      expect(status).toBe(400);
      return body;
    };

    it('a cycle', async () => {
      const { errors } = await refused(`
name: circle
steps:
  a: { component: transform.query, inputs: { dataset: b.dataset }, params: { sql: SELECT 1 } }
  b: { component: transform.query, inputs: { dataset: a.dataset }, params: { sql: SELECT 1 } }
`);
      expect(errors).toEqual([{ field: 'steps.a', message: 'waits for itself: a → b → a', line: 4 }]);
    });

    it('mismatched ports and an unknown component', async () => {
      const { errors } = await refused(`
name: mismatch
steps:
  import: { component: ingestion.import, params: { name: x, source: x.csv } }
  train: { component: training.fit, inputs: { train: import.dataset, transform: import.dataset }, params: { estimator: logistic } }
  magic: { component: wizard.conjure }
`);
      expect(errors.map((e) => e.field)).toEqual(
        expect.arrayContaining(['steps.train.inputs.transform', 'steps.magic.component']),
      );
      expect(errors.find((e) => e.field === 'steps.train.inputs.transform')).toMatchObject({
        line: 5,
        message: expect.stringMatching(/dataset.*transform|transform.*dataset/),
      });
    });
  });

  describe('in predictions are 400 with the input named', () => {
    beforeAll(async () => {
      const run: RunView = await millrace.start(await examplePipeline('penguins'));
      expect(await millrace.ended(run.run)).toMatchObject({ status: 'succeeded' });
    });

    const column = 'body_mass';
    const infer = async (
      change: (inputs: { name: string; shape: number[]; datatype: string; data: unknown[] }[]) => unknown,
    ) => {
      const metadata = await millrace.rest.get<{ inputs: { name: string; datatype: string }[] }>(
        '/v2/models/penguin-species',
      );
      const inputs = metadata.body.inputs.map(({ name, datatype }) => ({
        name,
        shape: [1, 1],
        datatype,
        data: [datatype === 'BYTES' ? 'x' : 1] as unknown[],
      }));
      change(inputs);
      return millrace.rest.post<{ error: string; outputs?: unknown[] }>('/v2/models/penguin-species/infer', {
        inputs,
      });
    };
    const massOf = (inputs: { name: string; shape: number[]; datatype: string; data: unknown[] }[]) => {
      const found = inputs.find((i) => i.name === column);
      if (!found) throw new Error(`the model has no input ${column}`);
      return found;
    };

    it('and a right one is 200', async () => {
      expect(await infer(() => undefined)).toMatchObject({
        status: 200,
        body: { outputs: expect.any(Array) },
      });
    });

    it.each([
      [
        'an unknown name',
        (i: Parameters<typeof massOf>[0]) => (massOf(i).name = 'Wingspan'),
        /Wingspan|body_mass/,
      ],
      ['a wrong shape', (i: Parameters<typeof massOf>[0]) => (massOf(i).shape = [2, 1]), /body_mass.*/],
      [
        'a wrong datatype',
        (i: Parameters<typeof massOf>[0]) => (massOf(i).datatype = 'BYTES'),
        /body_mass.*/,
      ],
      ['a wrong element', (i: Parameters<typeof massOf>[0]) => (massOf(i).data = ['heavy']), /body_mass.*/],
      [
        'a missing input',
        (i: Parameters<typeof massOf>[0]) => i.splice(i.indexOf(massOf(i)), 1),
        /body_mass.*/,
      ],
    ])('%s', async (_, change, message) => {
      const answer = await infer(change);
      expect(answer.status).toBe(400);
      expect(answer.body.error).toMatch(message);
    });

    it('an unknown model is 404', async () => {
      const answer = await millrace.rest.post<{ error: string }>('/v2/models/unicorns/infer', { inputs: [] });
      expect(answer).toMatchObject({
        status: 404,
        body: { error: expect.stringMatching(/^Request for unknown model/) },
      });
    });
  });
});
