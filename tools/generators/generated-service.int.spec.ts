import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@millrace/testing';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const leftOut = new Set(['node_modules', 'dist', '.git', '.nx', '.millrace', 'coverage', 'results']);

/** A copy of the workspace with the packages that are installed here, and with its own projects linked to itself. */
const copyWorkspace = (target: string): void => {
  cpSync(root, target, { recursive: true, filter: (path) => path === root || !leftOut.has(basename(path)) });
  const link = (directory: string): void => {
    mkdirSync(join(target, directory), { recursive: true });
    for (const entry of readdirSync(join(root, directory)))
      if (entry !== '@millrace') symlinkSync(join(root, directory, entry), join(target, directory, entry));
  };
  link('node_modules');
  mkdirSync(join(target, 'node_modules/@millrace'));
  for (const group of ['apps', 'libs'])
    for (const project of readdirSync(join(target, group))) {
      symlinkSync(`../../${group}/${project}`, join(target, 'node_modules/@millrace', project));
      if (existsSync(join(root, group, project, 'node_modules'))) link(join(group, project, 'node_modules'));
    }
  symlinkSync('../../tools', join(target, 'node_modules/@millrace/tools'));
};

it('a generated service with a generated component passes every check untouched', async () => {
  await using directory = await temporaryDirectory('millrace-generated-');
  const workspace = join(directory.path, 'workspace');
  copyWorkspace(workspace);
  const nx = (...args: string[]) =>
    run(process.execPath, [join(workspace, 'node_modules/nx/dist/bin/nx.js'), ...args], {
      cwd: workspace,
      env: {
        ...process.env,
        NX_DAEMON: 'false',
        NX_TUI: 'false',
        NO_COLOR: '1',
        FORCE_COLOR: '0',
        NX_CACHE_DIRECTORY: join(directory.path, 'cache'),
      },
      maxBuffer: 1e8,
    }).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(error.stdout + error.stderr);
    });
  await nx(
    'g',
    '@millrace/tools:service',
    'labelling',
    '--description',
    'Asks people what’s what',
    '--skipInstall',
  );
  await nx('g', '@millrace/tools:component', 'ask', '--service', 'labelling');
  // What npm install would do.
  symlinkSync('../../apps/labelling', join(workspace, 'node_modules/@millrace/labelling'));

  const { stdout } = await nx(
    'run-many',
    '-t',
    'lint',
    'typecheck',
    'test',
    'build',
    '--projects',
    'labelling',
  );
  expect(stdout).toContain('Successfully ran targets lint, typecheck, test, build for project labelling');
  expect(existsSync(join(workspace, 'apps/labelling/dist/main.js'))).toBe(true);
  const prettier = join(workspace, 'node_modules/prettier/bin/prettier.cjs');
  await run(process.execPath, [prettier, '--check', 'apps/labelling', 'apps/standalone'], { cwd: workspace });
}, 180_000);
