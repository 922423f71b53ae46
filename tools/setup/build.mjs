import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';

const stampOf = (root) => join(root, '.millrace', 'built');
const groups = ['libs', 'apps'];

const projectsOf = (root) => [
  ...groups.flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && existsSync(join(root, group, entry.name, 'src')))
      .map((entry) => join(group, entry.name)),
  ),
  ...['chaos'].filter((name) => existsSync(join(root, name, 'src'))),
];

/** Size and time of every source file: cheaper than asking Nx, and enough to know that there is nothing to ask. */
const fingerprint = (root) => {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  ['package-lock.json', 'nx.json', '.swcrc', 'tsconfig.base.json'].forEach(add);
  for (const project of projectsOf(root)) {
    add(join(project, 'package.json'));
    // What was built counts too: somebody may have deleted it.
    hash.update(String(existsSync(join(root, project, 'dist'))));
    for (const file of readdirSync(join(root, project, 'src'), { recursive: true }).sort())
      if (file.endsWith('.ts') && !file.endsWith('.spec.ts')) add(join(project, 'src', file));
  }
  return hash.digest('hex');
};

export const isBuilt = (root) =>
  existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === fingerprint(root);

/** Builds what changed. Nx keeps results by content, so going back to an earlier state is quick too. */
export const build = async (root, signal) => {
  await run(
    process.execPath,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '--outputStyle=static'],
    {
      cwd: root,
      env: nxEnv(),
      signal,
    },
  );
  mkdirSync(dirname(stampOf(root)), { recursive: true });
  writeFileSync(stampOf(root), fingerprint(root));
};

/** Nx's daemon would stay behind after us. */
export const nxEnv = () => ({ ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' });
