// `npm run lint [-- paths]`: ESLint, after a look at the projects, without whose graph the rule on boundaries would be silent.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { nxEnv } from './setup/build.mjs';

const root = resolve(import.meta.dirname, '..');
const bin = (path) => join(root, 'node_modules', path);
const options = { cwd: root, env: nxEnv() };

const graph = spawnSync(process.execPath, [bin('nx/dist/bin/nx.js'), 'show', 'projects'], {
  ...options,
  encoding: 'utf8',
});
if (graph.status !== 0) {
  console.error(graph.stdout + graph.stderr);
  process.exit(1);
}
const args = process.argv.length > 2 ? process.argv.slice(2) : ['.'];
process.exit(
  spawnSync(process.execPath, [bin('eslint/bin/eslint.js'), ...args], { ...options, stdio: 'inherit' })
    .status ?? 1,
);
