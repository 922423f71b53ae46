import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { listServices } from '../supervisor/index.mjs';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Services and compositions that a change of one file reaches, as CI asks it. */
const affectedBy = async (file: string): Promise<string[]> => {
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const args = ['show', 'projects', '--affected', `--files=${file}`, '--json'];
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { stdout } = await run(process.execPath, [nx, ...args], { cwd: root, env });
  const services = new Set(listServices(root));
  return (JSON.parse(stdout) as string[]).filter((project) => services.has(project)).sort();
};

describe('what a change reaches', () => {
  it('is the service itself, when it is a service’s own', async () => {
    expect(await affectedBy('apps/registry/src/service.ts')).toEqual(['registry']);
  });

  it('is what uses it, when it is a lib’s', async () => {
    const affected = await affectedBy('libs/onnx/src/index.ts');
    expect(affected).toEqual(expect.arrayContaining(['inference', 'registry', 'training']));
    expect(affected).not.toContain('gateway');
    expect(affected).not.toContain('orchestrator');
  });

  it('is every service, when it is the contracts', async () => {
    expect(await affectedBy('libs/contracts/src/index.ts')).toEqual(listServices(root));
  });

  it('is none, when it is a page of the docs', async () => {
    expect(await affectedBy('docs/settings.md')).toEqual([]);
  });
});
