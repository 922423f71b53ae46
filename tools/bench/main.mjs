import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, isBuilt } from '../setup/build.mjs';
import { install, isInstalled } from '../setup/install.mjs';
import { bold, dim, green, print, red, step } from '../setup/terminal.mjs';
import { writeResults } from './results.mjs';
import { runBench } from './run-bench.mjs';
import { printTable } from './table.mjs';

const root = resolve(import.meta.dirname, '../..');

const names = () =>
  readdirSync(join(root, 'bench'))
    .filter((file) => /^[a-z][a-z0-9-]*\.(mjs|ts)$/.test(file))
    .map((file) => file.replace(/\.[a-z]+$/, ''))
    .filter((name) => !name.endsWith('-responder'));

const fileOf = (name) =>
  ['mjs', 'ts'].map((ext) => join(root, 'bench', `${name}.${ext}`)).find((file) => existsSync(file));

const commit = () => {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '-uno') ? '+changes' : '');
  } catch {
    return 'unknown';
  }
};

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGb: Number((totalmem() / 2 ** 30).toFixed(1)),
  os: `${type()} ${release()}`,
  node: process.version,
});

const main = async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { strict: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const [name] = positionals;
  const file = name && fileOf(name);
  if (!file) {
    print(`npm run bench -- <name> [--only part,part] [--strict]\nThere are: ${names().join(', ')}`);
    return 2;
  }
  if (!isInstalled(root)) await step('installing packages (npm ci)', () => install(root));
  if (!isBuilt(root)) await step('building', () => build(root));
  print(bold(`bench ${name}`));
  const from = { date: new Date().toISOString(), commit: commit(), machine: machine() };
  const rows = [];
  const onPart = ({ part, machine: state, seconds, rows: measured }) => {
    const others =
      state.others === undefined ? '' : `, others used ${Math.round(100 * state.others)} % of the CPU`;
    if (part) print(`${bold(part)} ${dim(`${seconds} s, load average ${state.load.join(' to ')}${others}`)}`);
    printTable(measured);
    rows.push(...measured);
    writeResults(join(root, 'bench/results', `${name}.json`), { name, ...from }, measured, state);
  };
  await runBench(root, file, { only: values.only, onPart });
  const missed = rows.filter(({ ok }) => ok === false).length;
  print(
    missed === 0
      ? green('All goals are met.')
      : red(`${missed} of ${rows.filter(({ ok }) => ok !== undefined).length} goals missed.`),
  );
  return missed > 0 && values.strict ? 1 : 0;
};

process.exitCode = await main().catch((error) => {
  print(red(error.stack ?? error.message));
  return 1;
});
