import { openArtifactStore } from '@millrace/artifacts';
import { NotFound, type ArtifactRef, type TensorSpec } from '@millrace/contracts';
import { withDatabases } from '@millrace/testing';
import { openBench } from '../testing/bench.js';

const port = (name: string, datatype = 'FP32'): TensorSpec => ({ name, datatype, shape: [-1, 1] });

withDatabases((database) => {
  describe('deployment of graphs', () => {
    let bench: Awaited<ReturnType<typeof openBench>>;
    let models: Record<string, ArtifactRef>;
    beforeAll(async () => {
      bench = await openBench(database, {}, ({ name, version, alias }) => {
        const model = models[name];
        if (!model || (version ?? 1) > 3) throw new NotFound('model', `${name} version ${version ?? alias}`);
        return { version: alias === 'champion' ? 2 : (version ?? 3), model };
      });
      const store = openArtifactStore(bench.artifactsUrl);
      const put = (inputs: TensorSpec[], outputs: TensorSpec[]) =>
        store.putJson(
          {
            ...{ kind: 'model', onnx: { type: 'file', digest: `sha256:${'0'.repeat(64)}`, size: 1 } },
            ...{ signature: { inputs, outputs }, task: 'regression', metrics: {} },
            golden: { rows: [], outputs: {}, tolerance: 0 },
          },
          { type: 'model' },
        );
      models = {
        delay: await put([port('x')], [port('prediction')]),
        cost: await put([port('minutes')], [port('cost', 'FP64')]),
      };
    });
    afterAll(() => bench?.[Symbol.asyncDispose]());

    const graph = (which: string) => `name: delay-cost
nodes:
  delay: { model: delay${which} }
  cost: { model: cost }
  answer: { chain: [delay, { node: cost, inputs: { minutes: prediction } }] }
`;

    it('pins models, and makes a version of what differs', async () => {
      const first = await bench.deployGraph('costs', graph('@champion'));
      expect(first.targets).toMatchObject([{ model: 'delay-cost', version: 1, weight: 100 }]);
      const again = await bench.deployGraph('costs', graph('@2'), 'k');
      expect(again.targets[0]!.version).toBe(2);
      expect((await bench.deployGraph('costs', graph('@2'), 'k')).revision).toBe(again.revision);
      expect((await bench.deployGraph('costs', graph('@2'))).revision).toBe(again.revision);
      const manifest = await openArtifactStore(bench.artifactsUrl).getJson(again.targets[0]!.artifact);
      expect(manifest).toMatchObject({
        models: { delay: { model: 'delay', version: 2, artifact: models['delay'] } },
        ports: { signature: { inputs: [port('x')], outputs: [port('cost', 'FP64')] } },
      });
    });

    it('tells every mistake with its line', async () => {
      await expect(
        bench.deployGraph('costs', graph('@9') + '  more: { endpoint: nobody }\n'),
      ).rejects.toMatchObject({
        code: 'invalid_request',
        details: { fields: [{ field: 'root', message: expect.stringContaining('answer, more') }] },
      });
      const away = `${graph('@9')}  more: { endpoint: nobody }\n  all: { ensemble: [answer, more], combine: each }\n`;
      await expect(bench.deployGraph('costs', away)).rejects.toMatchObject({
        details: {
          fields: [
            { field: 'nodes.delay.model', line: 3, message: expect.stringContaining('delay version 9') },
            {
              field: 'nodes.more.endpoint',
              line: 6,
              message: expect.stringContaining("'nobody' does not exist"),
            },
          ],
        },
      });
      const unfit = {
        name: 'g',
        nodes: { a: { model: 'cost' }, b: { model: 'delay' }, c: { chain: ['a', 'b'] } },
      };
      await expect(bench.deployGraph('costs', unfit)).rejects.toMatchObject({
        details: {
          fields: [{ field: 'nodes.c.chain[1]', message: expect.stringContaining("input 'x' of 'b'") }],
        },
      });
      await expect(bench.deploy('costs', 1, undefined, { graph: unfit })).rejects.toMatchObject({
        details: { fields: [{ field: 'model' }, { field: 'version' }] },
      });
    });

    it.each<[string, unknown]>([
      ['a number', 7],
      ['null', null],
      ['a list', []],
      ['a long text', 'x'.repeat(70_000)],
      ['aliases upon aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nname: *c\nnodes: *c'],
    ])('refuses %s', async (_, source) => {
      await expect(bench.deployGraph('odd', source as string)).rejects.toMatchObject({
        code: 'invalid_request',
        details: {
          fields: expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
        },
      });
      await expect(bench.get('odd')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('refuses circles through endpoints', async () => {
      await bench.deployGraph('first', graph(''));
      const asking = (endpoint: string) => ({ name: 'g', nodes: { a: { endpoint } } });
      await bench.deployGraph('second', asking('first'));
      await expect(bench.deployGraph('first', asking('first'))).rejects.toThrow("'first' would ask itself");
      await expect(bench.deployGraph('first', asking('second'))).rejects.toThrow("'first' would ask itself");
    });
  });
});
