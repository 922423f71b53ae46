import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelMetadata, modelReady } from '@millrace/contracts';
import type { RunningService } from '@millrace/service';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';

const versionOf = async (bench: Bench, endpoint: string): Promise<string | undefined> =>
  (await bench.infer(endpoint, line(1))).model_version;

describe('a deployment', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    await bench.start({ RESYNC_MS: '150' });
    await bench.settled();
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  const deployed = async (endpoint: string, version: number, slope = version): Promise<void> => {
    const revision = bench.deployment.want(endpoint, version, await putLine(bench.artifacts, slope));
    await eventually(() => bench.deployment.reportOf(endpoint, revision));
  };

  it('takes effect without a failed request', async () => {
    await deployed('rolling', 1);
    const versions = new Set<string>();
    let asking = true;
    const callers = Array.from({ length: 8 }, async () => {
      while (asking) versions.add((await versionOf(bench, 'rolling'))!);
    });
    for (const version of [2, 3, 4]) await deployed('rolling', version);
    await eventually(async () => (await versionOf(bench, 'rolling')) === '4');
    asking = false;
    await Promise.all(callers);
    expect([...versions].sort()).toEqual(['1', '2', '3', '4']);
    expect((await bench.infer('rolling', line(10))).outputs[0]!.data).toEqual([41]);
  });

  it.each<[string, string, (bench: Bench) => ReturnType<typeof putLine>]>([
    [
      'its golden sample denies',
      'integrity',
      (b) =>
        putLine(b.artifacts, 9, ({ golden }) => ({ golden: { ...golden, outputs: { prediction: [[5]] } } })),
    ],
    [
      'is no graph',
      'data_invalid',
      async (b) => {
        const onnx = await b.artifacts.put('rubbish', { type: 'file' });
        return putLine(b.artifacts, 9, () => ({ onnx }));
      },
    ],
    [
      'has another signature',
      'integrity',
      (b) => putLine(b.artifacts, 9, ({ signature }) => ({ signature: { ...signature, inputs: [] } })),
    ],
    ['is no model', 'integrity', (b) => putLine(b.artifacts, 9, () => ({ kind: 'dataset' }))],
    [
      'is not there',
      'unavailable',
      () => Promise.resolve({ type: 'model', digest: `sha256:${'1'.repeat(64)}`, size: 1 }),
    ],
  ])('of what %s keeps the old revision, and says why', async (name, code, put) => {
    const endpoint = `bad-${name.replaceAll(' ', '-')}`;
    await deployed(endpoint, 1);
    const revision = bench.deployment.want(endpoint, 2, await put(bench));
    const report = await eventually(() => bench.deployment.reportOf(endpoint, revision));
    expect(report).toMatchObject({ state: 'failed', code, error: expect.any(String), replica: 'r1' });
    expect(await versionOf(bench, endpoint)).toBe('1');
    await bench.settled();
    await deployed(endpoint, 3);
    expect(await versionOf(bench, endpoint)).toBe('3');
  });

  it('that never was good is not served, and its readiness says why', async () => {
    const bad = await putLine(bench.artifacts, 1, () => ({ kind: 'nothing' }));
    const revision = bench.deployment.want('never', 1, bad);
    await eventually(() => bench.deployment.reportOf('never', revision));
    expect(await bench.client.request(modelReady, { endpoint: 'never' })).toMatchObject({
      ready: false,
      reason: expect.stringContaining("'never' is not served: the manifest of model"),
    });
    await expect(bench.client.request(modelMetadata, { endpoint: 'never' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await bench.settled();
  });

  it('is tried again when the artifact store comes back', async () => {
    const artifact = await putLine(bench.artifacts, 5);
    const directory = bench.env.ARTIFACTS_URL;
    await rename(directory, `${directory}.away`);
    const revision = bench.deployment.want('patient', 1, artifact);
    await eventually(
      async () => (await bench.health()).checks['endpoints']?.error === 'being loaded: patient',
    );
    await rm(directory, { recursive: true, force: true });
    await rename(`${directory}.away`, directory);
    const report = await eventually(() => bench.deployment.reportOf('patient', revision));
    expect(report.state).toBe('ready');
  });

  it('whose event was lost is found by looking', async () => {
    bench.deployment.talkative = false;
    await deployed('silent', 1);
    bench.deployment.remove('silent');
    await eventually(
      async () =>
        (await bench.client.request(modelReady, { endpoint: 'silent' }).then(
          () => 'there',
          ({ code }) => code,
        )) === 'not_found',
    );
    bench.deployment.talkative = true;
  });

  it('that is taken back ends the endpoint', async () => {
    await deployed('gone', 1);
    bench.deployment.remove('gone');
    await eventually(
      async () => (await versionOf(bench, 'gone').catch(({ code }) => code as string)) === 'unavailable',
    );
    await deployed('gone', 2);
    expect(await versionOf(bench, 'gone')).toBe('2');
  });

  it('that makes no sense is passed over', async () => {
    bench.deployment.want('fine.or.not', 1, await putLine(bench.artifacts, 1));
    await deployed('sensible', 1);
    expect(await versionOf(bench, 'sensible')).toBe('1');
    bench.deployment.remove('fine.or.not');
  });

  it('shares a model that is loaded already', async () => {
    await deployed('one', 1, 77);
    await deployed('two', 1, 77);
    bench.deployment.remove('one');
    await eventually(
      async () => (await versionOf(bench, 'one').catch(({ code }) => code as string)) === 'unavailable',
    );
    expect((await bench.infer('two', line(1))).outputs[0]!.data).toEqual([78]);
  });
});

describe('a restart', () => {
  let bench: Bench;
  let replica: RunningService;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench?.[Symbol.asyncDispose]());

  it('with everything else dead goes on answering', async () => {
    replica = await bench.start();
    bench.deployment.want('line', 3, await putLine(bench.artifacts, 2));
    await bench.settled();
    await eventually(async () => (await versionOf(bench, 'line')) === '3');
    await replica.stop();
    await bench.deployment.stop();
    await rm(bench.env.ARTIFACTS_URL, { recursive: true });
    await bench.start();
    await bench.settled();
    expect(await versionOf(bench, 'line')).toBe('3');
  });

  it('after a failed deployment serves what it served before', async () => {
    replica = await bench.start();
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
    await eventually(() => bench.deployment.reportOf('line', 1));
    const revision = bench.deployment.want(
      'line',
      2,
      await putLine(bench.artifacts, 3, () => ({ kind: 'nothing' })),
    );
    await eventually(() => bench.deployment.reportOf('line', revision));
    await replica.stop();
    await bench.deployment.stop();
    await rm(bench.env.ARTIFACTS_URL, { recursive: true });
    await bench.start();
    await eventually(async () => (await versionOf(bench, 'line')) === '1');
  });

  it('with a broken memory, or a broken copy of a model, asks the others', async () => {
    replica = await bench.start();
    const artifact = await putLine(bench.artifacts, 2);
    bench.deployment.want('line', 1, artifact);
    await eventually(() => bench.deployment.reportOf('line', 1));
    await replica.stop();
    const directory = join(bench.env.DATA_DIR, 'inference');
    const [, hex] = artifact.digest.split(':');
    await writeFile(join(directory, 'memory.json'), '{"format":');
    await writeFile(join(directory, 'artifacts', 'sha256', hex!.slice(0, 2), hex!.slice(2)), 'flipped');
    await bench.start();
    await bench.settled();
    expect(await versionOf(bench, 'line')).toBe('1');
  });

  it('is not ready before it knows what to serve, and says so', async () => {
    await bench.deployment.stop();
    await bench.start();
    expect(await bench.health()).toMatchObject({
      status: 'unready',
      checks: { endpoints: { ok: false, error: 'not known yet what to serve' } },
    });
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
    await bench.deployment.start();
    await bench.settled();
    expect(await versionOf(bench, 'line')).toBe('1');
  });

  it('of NATS, or of deployment, is survived, and reports come through after it', async () => {
    await bench.start();
    bench.deployment.want('line', 1, await putLine(bench.artifacts, 2));
    await eventually(async () => (await versionOf(bench, 'line')) === '1');
    await bench.deployment.stop();
    bench.deployment.reports.length = 0;
    await bench.nats.restart();
    await eventually(async () => (await versionOf(bench, 'line').catch(() => '')) === '1');
    bench.deployment.want('line', 2, await putLine(bench.artifacts, 3));
    await bench.deployment.start();
    await eventually(async () => (await versionOf(bench, 'line')) === '2');
    await eventually(() => bench.deployment.reportOf('line', 2));
  });
});
