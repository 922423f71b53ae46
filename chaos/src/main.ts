import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drive } from './drive/drive.js';
import { timelineOf, type DriveOptions } from './drive/options.js';
import { isGood, textOf } from './drive/report.js';
import { describeFault } from './faults/inflict.js';
import { faultNames } from './faults/timeline.js';

const usage = `npm run chaos -- [--minutes 5] [--seed 1] [--runs 0] [--database sqlite|postgres] [--clients 32]
                 [--fault-every-ms 6000] [--faults 'kill nats,jump clock'] [--settle-seconds 180] [--no-deadly]
                 [--plan] [--keep]

Works a Millrace and breaks it, for so many minutes and until there were so many runs, then reads its books.
--faults     only these of the faults that the seed draws
--no-deadly  without the step that kills every worker that takes it, which costs a minute
--plan   prints what would be done, and does nothing
--keep   keeps the directory with logs, ledger and database (it is kept anyway when something is wrong)`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '0' },
      database: { type: 'string', default: 'sqlite' },
      clients: { type: 'string', default: '32' },
      'fault-every-ms': { type: 'string', default: '6000' },
      faults: { type: 'string' },
      plan: { type: 'boolean', default: false },
      'settle-seconds': { type: 'string', default: '180' },
      'no-deadly': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const faults = values.faults?.split(',').map((name) => name.trim());
  const unknown = (faults ?? []).filter((name) => !faultNames.some((known) => known === name));
  if (unknown.length > 0) print(`no such fault: ${unknown.join(', ')} (there are ${faultNames.join(', ')})`);
  if (unknown.length > 0 || values.help || !['sqlite', 'postgres'].includes(values.database))
    return (print(usage), 2);
  const directory = mkdtempSync(join(tmpdir(), 'millrace-chaos-'));
  const options: DriveOptions = {
    seed: Number(values.seed),
    directory,
    database: values.database as DriveOptions['database'],
    seconds: Number(values.minutes) * 60,
    runs: Number(values.runs),
    clients: Number(values.clients),
    faultEveryMs: Number(values['fault-every-ms']),
    leaseMs: 5_000,
    settleMs: Number(values['settle-seconds']) * 1_000,
    crashProbability: 0.5,
    deadly: !values['no-deadly'],
    ...(faults ? { faults: faultNames.filter((name) => faults.includes(name)) } : {}),
    say: print,
  };
  if (values.plan) {
    for (const fault of timelineOf(options))
      print(`${(fault.atMs / 1000).toFixed(1)} s ${describeFault(fault)}`);
    return 0;
  }
  print(`seed ${options.seed} on ${options.database}, in ${directory}`);
  const report = await drive(options);
  print(textOf(report));
  const good = isGood(report);
  print(good ? 'Nothing was lost, invented, doubled or believed too late.' : `NOT GOOD: see ${directory}`);
  if (good && !values.keep) rmSync(directory, { recursive: true, force: true });
  return good ? 0 : 1;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

process.exitCode = await main();
