import { Option, type Command } from 'commander';
import {
  deploy,
  deployGraph,
  deployments,
  promote,
  rollback,
  rollouts,
  strategies,
  type DeployOptions,
} from './commands/deployments.js';
import type { Paging } from './commands/paging.js';
import { parseCanaryStep } from './commands/parse-canary-step.js';
import { between, paged, whole, type Act } from './options.js';

const only = ['--rollout <n>', 'only if the endpoint is still at this rollout'] as const;

/** The commands for what serves which endpoint. */
export const addDeploymentCommands = (program: Command, act: Act): void => {
  program
    .command('deployments [endpoint]')
    .description('what every endpoint serves; or one, with its replicas and what is measured of its rollout')
    .action(act<[string | undefined]>(deployments));
  paged(
    program.command('rollouts <endpoint>').description('the rollouts of an endpoint, newest first'),
  ).action(act<[string, Paging]>(rollouts));
  rolledOut(
    program
      .command('deploy <endpoint> <model>')
      .argument('<version>', 'of the model', whole(1, 1_000_000_000))
      .description('let a model version answer an endpoint'),
  ).action(act<[string, string, number, DeployOptions]>(deploy));
  rolledOut(
    program
      .command('deploy-graph <endpoint> <file>')
      .description('let an inference graph, declared in a YAML or JSON file, answer an endpoint'),
  ).action(act<[string, string, DeployOptions]>(deployGraph));
  program
    .command('promote <endpoint>')
    .description('let what is prepared, in the shadow or a canary answer everything')
    .option(...only, whole(1, 1_000_000_000))
    .action(act<[string, { rollout?: number }]>(promote));
  program
    .command('rollback <endpoint>')
    .description('go back to what answered before the last rollout, or end one that is under way')
    .option(...only, whole(1, 1_000_000_000))
    .option('--reason <text>', 'why')
    .action(act<[string, { rollout?: number; reason?: string }]>(rollback));
};

/** How it takes the place of what answered before. */
const rolledOut = (command: Command): Command =>
  command
    .addOption(new Option('--strategy <strategy>', 'default rolling').choices([...strategies]))
    .option('--step <percent:duration>', 'of a canary, e.g. 5:10m; may be repeated', parseCanaryStep)
    .option('--min-requests <n>', 'of a canary, before its numbers count', whole(1, 1_000_000_000))
    .option('--max-error-rate <share>', 'of a canary, 0 to 1', between(0, 1))
    .option('--max-p99 <ms>', 'of a canary', between(0.001, 3_600_000))
    .option('--sticky', 'requests with the same key go to the same version')
    .option('--key-input <name>', 'the input that holds the key where a request names none')
    .option('--record-assignments', 'tell which key went to which version')
    .option('--shadow-percent <n>', 'of the requests, how many a shadow gets', between(0.001, 100))
    .option('--key <key>', 'deploying twice under one key deploys once');
