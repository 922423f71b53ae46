import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locateNats } from '../nats/index.mjs';
import { build, isBuilt, nxEnv } from '../setup/build.mjs';
import { CommandFailed, run } from '../setup/command.mjs';
import { install, isInstalled } from '../setup/install.mjs';
import { bold, green, print, red, step, yellow } from '../setup/terminal.mjs';
import { runJest } from './jest.mjs';
import { startTestPostgres } from './postgres.mjs';

const root = resolve(import.meta.dirname, '../..');
const stateDir = join(root, '.millrace');
const out = join(stateDir, 'test');

/** What the tests get of the environment: not where somebody's real services are. */
const cleanEnv = () => {
  const env = { ...nxEnv() };
  for (const name of ['NATS_URL', 'SUBJECT_PREFIX', 'DATABASE_URL', 'DATA_DIR', 'LOG_LEVEL'])
    delete env[name];
  return env;
};

const prepare = async () => {
  if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root));
  if (!isBuilt(root)) await step('building', () => build(root));
  // The tests start servers of their own, so one that runs already (NATS_URL) is no use to them.
  const nats = await step('looking for nats-server', (note) =>
    locateNats({ stateDir, env: cleanEnv(), say: note }),
  );
  print(`  ${nats.binary} (version ${nats.version})`);
  return nats;
};

const check = (title, args, env) =>
  step(title, () => run(process.execPath, args, { cwd: root, env })).then(
    () => ({ title, ok: true }),
    (error) => {
      print(error instanceof CommandFailed ? error.output.trimEnd() : error.message);
      return { title, ok: false };
    },
  );

const main = async () => {
  mkdirSync(out, { recursive: true });
  const startedAt = Date.now();
  const nats = await prepare();
  const postgres = await startTestPostgres({ root, say: print });
  const env = { ...cleanEnv(), NATS_SERVER_BIN: nats.binary, ...postgres.env };
  try {
    const arguments_ = process.argv.slice(2);
    const jest = await runJest({ root, out, env, args: arguments_ });
    const bin = (path) => join(root, 'node_modules', path);
    const checks =
      arguments_.length > 0
        ? []
        : await Promise.all([
            check('lint', [join(root, 'tools/lint.mjs')], env),
            check('generated files', [join(root, 'tools/generate.mjs'), '--check'], env),
            check('type check', [bin('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json'], env),
          ]);
    report({ ...jest, checks, startedAt });
  } finally {
    await postgres.stop();
  }
};

const report = ({ passed, failed, skipped, broken, checks, startedAt }) => {
  print();
  for (const { file, reason } of broken) print(`${red('could not run')} ${file}: ${reason.split('\n')[0]}`);
  for (const { title } of checks.filter(({ ok }) => !ok)) print(`${red('failed')} ${title}`);
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  if (skipped > 0) print(yellow(`${skipped} skipped`));
  // A check or a file that could not even run is a failure, too: no failures means that all is well.
  const bad = failed + broken.length + checks.filter(({ ok }) => !ok).length;
  const line = `${passed} passed, ${bad} failed`;
  writeFileSync(join(out, 'summary.txt'), `${line}\n`);
  print(bold(`${bad === 0 ? green(line) : red(line)} in ${minutes} min`));
  process.exitCode = bad === 0 && passed > 0 ? 0 : 1;
};

await main().catch((error) => {
  print(red(error.message));
  process.exitCode = 1;
});
