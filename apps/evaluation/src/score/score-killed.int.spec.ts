import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runComponent } from '@millrace/component';
import { openData } from '@millrace/data';
import { eventually, temporaryDirectory } from '@millrace/testing';
import { openBench, rowsOf } from '../testing/bench.js';
import { ScoreComponent } from './score.component.js';

const root = resolve(import.meta.dirname, '../../../..');
const sliceRows = 10;

const spawnWorker = (...args: string[]) =>
  spawn(
    process.execPath,
    [
      ...['--conditions=@millrace/source', '--import=@swc-node/register/esm-register'],
      ...[join(import.meta.dirname, '__fixtures__/score-once.ts'), ...args],
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: process.env['PATH'], TS_NODE_PROJECT: 'tsconfig.base.json' },
    },
  );

describe('SIGKILL in the middle of scoring', () => {
  it('costs the part under way and nothing else', async () => {
    await using directory = await temporaryDirectory();
    const [store, journals] = [join(directory.path, 'artifacts'), join(directory.path, 'scores')];
    await using bench = await openBench(store);
    const train = await bench.dataset(rowsOf('late', 200));
    const inputs = {
      model: await bench.model(train, 'late'),
      dataset: await bench.dataset(rowsOf('late', 600)),
    };
    const written = async (): Promise<unknown[]> => {
      const [name] = (await readdir(journals).catch(() => [])).filter((file) => file.endsWith('.json'));
      return name === undefined
        ? []
        : (JSON.parse(await readFile(join(journals, name), 'utf8')) as unknown[]);
    };
    const child = spawnWorker(store, journals, String(sliceRows), JSON.stringify(inputs));
    const dead = once(child, 'exit');
    await eventually(async () => (await written()).length >= 2, { timeoutMs: 30_000 });
    child.kill('SIGKILL');
    expect(await dead).toEqual([null, 'SIGKILL']);
    const left = (await written()).length;
    expect(left).toBeLessThan(60);

    await using data = await openData({ tempDirectory: directory.path });
    const scoreIn = (where: string) =>
      runComponent(new ScoreComponent(data, { sliceRows, directory: where }), {
        artifacts: bench.artifacts,
        inputs,
      });
    const resumed = await scoreIn(journals);
    expect(resumed.log.map(({ message }) => message)).toEqual([
      `going on behind ${left} parts that were written before`,
    ]);
    const anew = await scoreIn(join(directory.path, 'other'));
    expect(anew.log).toEqual([]);
    expect(resumed.outputs).toEqual(anew.outputs);
  }, 60_000);
});
