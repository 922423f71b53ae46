import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Runs one bench file in a process of its own, TypeScript from the sources of all libs.
 * @returns {Promise<{ metric: string, value: number, unit: string, goal?: number, ok?: boolean, how: string }[]>}
 */
export const runBench = async (root, file) => {
  const fromSources = ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register'];
  const child = fork(join(import.meta.dirname, 'child.mjs'), [file], {
    cwd: root,
    execArgv: ['--enable-source-maps', '--expose-gc', ...(file.endsWith('.ts') ? fromSources : [])],
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let rows;
  child.on('message', (message) => (rows = message.rows ?? rows));
  const [code] = await once(child, 'exit');
  if (!rows) throw new Error(`${file} ended with ${code} and no rows`);
  return rows;
};
