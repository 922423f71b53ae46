import { Command, Option } from 'commander';
import { maxLogPage, runStatuses } from '@millrace/contracts';
import { contextOf, type Context, type GlobalOptions } from './commands/context.js';
import { datasets } from './commands/datasets.js';
import { logs, type LogsOptions } from './commands/logs.js';
import { models } from './commands/models.js';
import type { Paging } from './commands/paging.js';
import { predict } from './commands/predict.js';
import { run, type RunOptions } from './commands/run.js';
import { runs, type RunsOptions } from './commands/runs.js';
import {
  pauseSchedule,
  previewSchedule,
  resumeSchedule,
  schedules,
  triggers,
  type PreviewOptions,
} from './commands/schedules.js';
import { status } from './commands/status.js';
import { down, up, type UpOptions } from './commands/supervisor.js';
import type { CliEnv } from './config/cli.env.js';
import { addDeploymentCommands } from './deployment-commands.js';
import type { Io } from './io.js';
import { exitCodeHelp } from './output/exit-code.js';
import { collect, paged, inStates, ofLevels, whole } from './options.js';
import { addRunOperations } from './run-operations.js';
import { version } from './version.js';

/**
 * @param done told the exit code of the command that ran
 */
export const programOf = (env: CliEnv, io: Io, done: (exitCode: number) => void): Command => {
  const program = new Command('millrace')
    .description('Machine-learning pipelines as independent microservices')
    .version(version)
    .option('--json', 'for programs: one JSON document (run --watch: JSON lines)')
    .option('--nats <url>', 'NATS to speak to; else NATS_URL, else what was started here')
    .option('--state-dir <directory>', 'where what was started here keeps its state')
    .addHelpText('after', exitCodeHelp)
    .showSuggestionAfterError()
    .showHelpAfterError('(--help says what there is)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  const act =
    <A extends unknown[]>(action: (context: Context, ...rest: A) => Promise<number | void>) =>
    async (...given: unknown[]): Promise<void> => {
      const context = contextOf(env, io, program.opts<GlobalOptions>());
      // Commander hands over the command itself last.
      done((await action(context, ...(given.slice(0, -1) as A))) ?? 0);
    };

  program
    .command('up')
    .description('start nats-server and every service in the background')
    .option('--standalone', 'all services in one process')
    .action(act<[UpOptions]>(up));
  program.command('down').description('stop what up started').action(act<[]>(down));
  program.command('status').description('which services answer, and are they ready').action(act<[]>(status));
  program
    .command('run <pipeline.yaml>')
    .description('submit a pipeline and start a run')
    .option('-p, --param <name=value>', 'a parameter of the pipeline; may be repeated', collect, [])
    .option('-w, --watch', 'show the run until it has ended')
    .option('--no-cache', 'take no step from the cache')
    .option('--priority <0-9>', '9 goes out before all others, 0 after them', whole(0, 9))
    .action(act<[string, RunOptions]>(run));
  paged(program.command('runs').description('runs, newest first'))
    .option('--pipeline <name>', 'only of this pipeline')
    .option(...inStates(runStatuses))
    .option('--parent <run>', 'only those that this run began, for its steps')
    .action(act<[RunsOptions]>(runs));
  program
    .command('logs <run>')
    .description('what happened in a run and what its steps said')
    .option('-f, --follow', 'go on until the run has ended')
    .option('--step <step>', 'only of this step')
    .option(...ofLevels)
    .option('--tail <n>', 'begin with the newest so many lines', whole(0, maxLogPage))
    .addOption(new Option('--after <id>', 'begin behind this line').conflicts('tail'))
    .action(act<[string, LogsOptions]>(logs));
  paged(
    program.command('datasets [name]').description('the latest version of every dataset, or all of one'),
  ).action(act<[string | undefined, Paging]>(datasets));
  paged(
    program.command('models [name]').description('the latest version of every model, or all of one'),
  ).action(act<[string | undefined, Paging]>(models));
  program
    .command('predict <endpoint> <json>')
    .description(
      'predict from a record, an array of records, or an Open Inference Protocol request; - reads stdin',
    )
    .action(act<[string, string]>(predict));
  paged(program.command('schedules').description('when runs begin by themselves')).action(
    act<[Paging]>(schedules),
  );
  const schedule = program.command('schedule').description('pause, resume or preview a schedule');
  schedule
    .command('pause <pipeline>')
    .description('start no more runs by it')
    .action(act<[string]>(pauseSchedule));
  schedule.command('resume <pipeline>').description('go on from now').action(act<[string]>(resumeSchedule));
  schedule
    .command('preview <pipeline-or-cron>')
    .description('when it will be due next')
    .option('--timezone <name>', 'of a cron expression; default UTC')
    .option('--from <time>', 'RFC 3339; default now')
    .option('--count <n>', 'how many', whole(1, 1000))
    .action(act<[string, PreviewOptions]>(previewSchedule));
  paged(program.command('triggers').description('what events and messages start runs, and how often'))
    .option('--pipeline <name>', 'only of this pipeline')
    .action(act<[Paging & { pipeline?: string }]>(triggers));
  addDeploymentCommands(program, act);
  addRunOperations(program, act);
  return program;
};
