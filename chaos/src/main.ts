import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drive, timelineOf, type DriveOptions } from './drive/drive.js';
import { isGood, textOf } from './drive/report.js';
import { describeFault } from './faults/inflict.js';

const usage = `npm run chaos -- [--minutes 5] [--seed 1] [--runs 0] [--database sqlite|postgres] [--clients 12]
                 [--fault-every-ms 3000] [--settle-seconds 180] [--no-deadly] [--plan] [--keep]

Works a Millrace and breaks it, for so many minutes and until there were so many runs, then reads its books.
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
      clients: { type: 'string', default: '12' },
      'fault-every-ms': { type: 'string', default: '3000' },
      plan: { type: 'boolean', default: false },
      'settle-seconds': { type: 'string', default: '180' },
      'no-deadly': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !['sqlite', 'postgres'].includes(values.database)) return (print(usage), 2);
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

process.exitCode = await main();
