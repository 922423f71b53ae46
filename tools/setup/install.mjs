import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCommand, run } from './command.mjs';

const stampOf = (root) => join(root, '.millrace', 'installed');
const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Do node_modules hold what package-lock.json says? */
export const isInstalled = (root) => {
  const lock = join(root, 'package-lock.json');
  const inside = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(inside)) return false;
  const digest = digestOf(lock);
  if (existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === digest) return true;
  // Somebody ran npm by hand: npm keeps in node_modules what it put there.
  if (!agrees(readPackages(lock), readPackages(inside))) return false;
  stamp(root, digest);
  return true;
};

const readPackages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

const agrees = (wanted, present) =>
  Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (!path.includes('node_modules/')) return true; // the workspaces themselves
    const there = present[path];
    return there ? link || there.version === version : optional;
  });

const stamp = (root, digest) => {
  mkdirSync(dirname(stampOf(root)), { recursive: true });
  writeFileSync(stampOf(root), digest);
};

/** Installs exactly what package-lock.json says. */
export const install = async (root, signal) => {
  rmSync(stampOf(root), { force: true });
  const [command, ...args] = npmCommand();
  await run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=warn'], {
    cwd: root,
    env: installEnv(),
    signal,
  });
  stamp(root, digestOf(join(root, 'package-lock.json')));
};

const installEnv = () => ({
  ...process.env,
  // Its CPU libraries are in the package; the script would fetch those for CUDA.
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  // Where a native package has no ready-made binary for this machine it is compiled, and Node's own headers do for that.
  ...(ownHeaders() ? { npm_config_nodedir: ownHeaders() } : {}),
});

/** The prefix of this very Node, if its headers are installed with it. */
const ownHeaders = () => {
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, 'include', 'node', 'node_version.h');
  if (!existsSync(header)) return undefined;
  const text = readFileSync(header, 'utf8');
  const part = (name) => new RegExp(`#define NODE_${name}_VERSION (\\d+)`).exec(text)?.[1];
  return `v${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}` === process.version ? prefix : undefined;
};
