import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';

const root = resolve(import.meta.dirname, '../..');

describe('npm start --once', () => {
  let directory: TemporaryDirectory;
  beforeEach(async () => {
    directory = await temporaryDirectory('millrace-start-');
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  /** In one process, with the example that takes seconds. */
  const start = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const fixed = ['--once', '--standalone', '--no-color', '--state', directory.path];
    const pipeline = ['--pipeline', 'examples/penguins/pipeline.yaml'];
    const all = [join(root, 'tools/start.mjs'), ...fixed, ...pipeline, ...args];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, all, { cwd: root });
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stdout } = error as { code: number; stdout: string };
      return { code, output: stdout };
    }
  };

  it('runs the example, predicts on both roads and leaves nothing running', async () => {
    const { code, output } = await start();
    expect(output).toMatch(/deploy +deployment\.deploy +.*revision 1/);
    expect(output).toMatch(/accuracy +0\.9\d* +0\.3/);
    expect(output.match(/"model_name":"penguin-species"/g)).toHaveLength(2);
    expect(output).toContain('"label":"Adelie"');
    expect(output).toContain(`are kept in ${directory.path}/`);
    expect(code).toBe(0);
    const pid = Number(/^standalone +(\d+)/m.exec(output)?.[1]);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(join(directory.path, 'run.json'))).toBe(false);
  }, 120_000);

  it('says why and exits with 1 when the run fails', async () => {
    const { code, output } = await start('--param', 'minimumAccuracy=1.01');
    expect(output).toContain('gate_failed');
    expect(output).not.toContain('One prediction');
    expect(code).toBe(1);
  }, 120_000);

  it('names the parameter that is wrong', async () => {
    const { code, output } = await start('--param', 'rows=5');
    expect(output).toContain('rows');
    expect(code).toBe(1);
  }, 120_000);

  it('refuses to start beside one that runs', async () => {
    const running = { pid: process.pid, startedAt: 'now', mode: 'processes', state: 'ready', services: [] };
    writeFileSync(join(directory.path, 'run.json'), JSON.stringify(running));
    const { code, output } = await start();
    expect(output).toContain(`runs already in this directory (process ${process.pid}`);
    expect(code).toBe(1);
    expect(readFileSync(join(directory.path, 'run.json'), 'utf8')).toContain('ready');
  });
});
