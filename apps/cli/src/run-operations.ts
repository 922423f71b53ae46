import {
  backfillUnits,
  errorCodes,
  lineageDirections,
  runStatuses,
  stepStatuses,
  type DeadLetterQuery,
  type EventSearch,
  type LineageDirection,
  type PruneHistory,
  type RunSearch,
  type StepSearch,
} from '@millrace/contracts';
import { Option, type Command } from 'commander';
import { approvals, approve, reject, type DecisionOptions } from './commands/approvals.js';
import * as backfill from './commands/backfill.js';
import * as control from './commands/control.js';
import { deadLetter, deadLetters } from './commands/dead-letters.js';
import { pipelines, prune } from './commands/history.js';
import { lineage } from './commands/lineage.js';
import type { Paging } from './commands/paging.js';
import { compare, replay, type ReplayOptions } from './commands/replay.js';
import { searchEvents, searchRuns, searchSteps } from './commands/search.js';
import { steps, type StepsOptions } from './commands/steps.js';
import { why } from './commands/why.js';
import { collect, inStates, ofLevels, paged, whole, type Act } from './options.js';

const parameter = ['-p, --param <name=value>', 'a parameter of the pipeline; may be repeated'] as const;

const addControl = (program: Command, act: Act): void => {
  for (const [name, description] of [
    ['cancel', 'cancel a run and the steps that it is at'],
    ['pause', 'begin nothing new in a run; what is out goes on to its end'],
    ['unpause', 'let a paused run go on'],
    ['resume', 'open a failed or cancelled run again; what has a result keeps it'],
  ] as const)
    program.command(`${name} <run>`).description(description).action(act<[string]>(control[name]));
  program
    .command('retry <run> <step>')
    .description('try one step again that did not succeed')
    .action(act<[string, string]>(control.retry));
  paged(program.command('steps <run>').description('the steps of a run, page by page'))
    .option('--of <step>', 'only what this step is done as (foreach, until)')
    .option(...inStates(stepStatuses))
    .action(act<[string, StepsOptions]>(steps));
  program
    .command('why <run> <step>')
    .description('why a step came from the cache, or did not')
    .action(act<[string, string]>(why));
};

const searching = (command: Command): Command =>
  paged(command)
    .option('--since <time>', 'of runs started at this moment or later (RFC 3339)')
    .option('--until <time>', 'of runs started before this moment')
    .option('--pipeline <name>', 'only of this pipeline');

const addSearch = (program: Command, act: Act): void => {
  const search = program.command('search').description('find runs, steps and events');
  searching(search.command('runs [text]').description('runs, newest first'))
    .option(...inStates(runStatuses))
    .action(act<[string | undefined, RunSearch]>(searchRuns));
  searching(search.command('steps [text]').description('steps, those of the newest run first'))
    .option(...inStates(stepStatuses))
    .option('--run <run>', 'only of this run')
    .option('--component <name>', 'only of this component')
    .action(act<[string | undefined, StepSearch]>(searchSteps));
  searching(search.command('events [text]').description('what happened and what workers said, newest first'))
    .option('--run <run>', 'only of this run')
    .option('--step <step>', 'only of this step')
    .option(...ofLevels)
    .action(act<[string | undefined, EventSearch]>(searchEvents));
};

const addHistory = (program: Command, act: Act): void => {
  paged(
    program
      .command('lineage <digest-or-run>')
      .description('where an artifact came from and what it went into, or (in pages) all that a run made'),
  )
    .addOption(new Option('--direction <direction>', 'default both').choices([...lineageDirections]))
    .option('--depth <n>', 'how many steps away', whole(1, 100))
    .action(act<[string, Paging & { direction?: LineageDirection; depth?: number }]>(lineage));
  paged(program.command('dead-letters').description('steps that failed for good'))
    .option('--pipeline <name>', 'only of this pipeline')
    .option('--component <name>', 'only of this component')
    .addOption(new Option('--code <code>', 'only with this error').choices(Object.keys(errorCodes)))
    .action(act<[DeadLetterQuery]>(deadLetters));
  program
    .command('dead-letter <run> <step>')
    .description('what a step that failed for good was given, and what was said of it')
    .option('--requeue', 'give it to its component again')
    .action(act<[string, string, { requeue?: boolean }]>(deadLetter));
  paged(
    program.command('pipelines [name]').description('the latest version of every pipeline, or all of one'),
  ).action(act<[string | undefined, Paging]>(pipelines));
  program
    .command('prune')
    .description('remove old runs with their steps and logs; lineage stays')
    .option('--max-age-days <n>', 'runs that ended longer ago; default: the setting', whole(0, 36_500))
    .option('--max-runs <n>', 'all but so many of each pipeline; default: the setting', whole(0, 1_000_000))
    .option('--pipeline <name>', 'only of this pipeline')
    .option('--dry-run', 'only say how many it would be')
    .action(act<[PruneHistory]>(prune));
};

const addReplay = (program: Command, act: Act): void => {
  program
    .command('replay <run>')
    .description('run again on the old inputs, with components as they are now')
    .option('--from <step>', 'run this step and all behind it, keep the rest; may be repeated', collect)
    .option(...parameter, collect, [])
    .option('--pipeline-version <n>', 'another version than that of the run', whole(1, 1_000_000_000))
    .option('--no-cache', 'take no step from the cache')
    .action(act<[string, ReplayOptions]>(replay));
  program
    .command('compare <run> <earlier-run>')
    .description('what came out another way: outputs, metrics, versions, times')
    .action(act<[string, string]>(compare));
};

const addBackfill = (program: Command, act: Act): void => {
  const group = program.command('backfill').description('one run for each date of a range');
  group
    .command('start <pipeline>')
    .description('begin a backfill')
    .requiredOption('--from <date>', 'first date, e.g. 2026-01-01')
    .requiredOption('--to <date>', 'last date, itself included')
    .addOption(new Option('--every <unit>', 'default day').choices([...backfillUnits]))
    .option('--date-param <name>', 'the parameter that takes the date; default date')
    .option(...parameter, collect, [])
    .option('--concurrency <n>', 'runs at once; default 1', whole(1, 100))
    .option('--key <key>', 'asking twice under one key yields one backfill')
    .action(act<[string, backfill.BackfillOptions]>(backfill.startBackfill));
  paged(group.command('list').description('backfills, newest first')).action(
    act<[Paging]>(backfill.listBackfills),
  );
  for (const [name, description, action] of [
    ['show', 'all dates of a backfill', backfill.showBackfill],
    ['pause', 'begin no further run', backfill.pauseBackfill],
    ['cancel', 'end it and cancel its runs', backfill.cancelBackfill],
  ] as const)
    group.command(`${name} <backfill>`).description(description).action(act<[string]>(action));
  group
    .command('resume <backfill>')
    .description('go on, and run again the dates that failed')
    .option('--no-failed', 'only the dates that had no run yet')
    .action(act<[string, { failed: boolean }]>(backfill.resumeBackfill));
};

const addApprovals = (program: Command, act: Act): void => {
  paged(program.command('approvals').description('steps that wait for somebody to decide')).action(
    act<[Paging]>(approvals),
  );
  for (const [name, description, action] of [
    ['approve', 'let a step that waits for it go on', approve],
    ['reject', 'let a step that waits for approval fail', reject],
  ] as const)
    program
      .command(`${name} <run> <step>`)
      .description(description)
      .requiredOption('--by <who>', 'who decides')
      .option('--reason <text>', 'why')
      .action(act<[string, string, DecisionOptions]>(action));
};

/** The commands for what can be done with runs, beside starting and watching them. */
export const addRunOperations = (program: Command, act: Act): void => {
  for (const add of [addControl, addSearch, addHistory, addReplay, addBackfill, addApprovals])
    add(program, act);
};
