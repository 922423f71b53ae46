import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Runs one bench file in a process of its own, TypeScript from the sources of all libs.
 * @param {{ only?: string, onPart: (part: { part: string, machine: { load: number[], others?: number }, seconds: number, rows: Row[] }) => void }} options
 * `only`: names of parts with commas between; `onPart` hears of each when it is done, a bench without parts is one
 * @typedef {{ part?: string, metric: string, value: number, unit: string, goal?: number, ok?: boolean, how: string }} Row
 */
export const runBench = async (root, file, { only, onPart }) => {
  const fromSources = ['--conditions=@millrace/source', '--import=@swc-node/register/esm-register'];
  const child = fork(join(import.meta.dirname, 'child.mjs'), [file, ...(only ? [only] : [])], {
    cwd: root,
    execArgv: ['--enable-source-maps', '--expose-gc', ...(file.endsWith('.ts') ? fromSources : [])],
    env: { ...process.env, TS_NODE_PROJECT: join(root, 'tsconfig.base.json') },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let mistake;
  child.on('message', (message) => {
    mistake = message.mistake;
    if (message.rows) onPart(message);
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(mistake ?? `${file} ended with ${code}`);
};
