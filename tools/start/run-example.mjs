import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { bold, dim, print, red, seconds } from '../setup/terminal.mjs';
import { followRun } from './follow-run.mjs';
import { numberText, RunBoard } from './run-board.mjs';

/** Submits a pipeline, runs it and shows how it goes. @returns the run, or `undefined` when it was refused or failed */
export const runExample = async (gateway, file, params, signal) => {
  if (!existsSync(file)) throw new Error(`there is no pipeline at ${file}`);
  print();
  print(bold(`Running ${relative(process.cwd(), file) || basename(file)}`));
  const { name, version } = await gateway.post(
    '/v1/pipelines',
    { yaml: readFileSync(file, 'utf8') },
    randomUUID(),
  );
  const started = await gateway.post('/v1/runs', { pipeline: name, params }, randomUUID());
  print(dim(`  pipeline ${name}, version ${version}; run ${started.run}`));
  const startedAt = Date.now();
  const board = new RunBoard();
  const run = await followRun(gateway, started.run, board, signal).finally(() => board.close());
  if (run.status !== 'succeeded') {
    print(red(`  ${run.status}${run.error ? `: ${run.error.message}` : ''}`));
    return undefined;
  }
  print(dim(`  done in ${seconds(Date.now() - startedAt)}`));
  const metrics = run.steps.find(({ component }) => component === 'evaluation.evaluate')?.metrics;
  if (metrics) {
    print();
    print(
      bold('On the held-out rows') + dim(' (beside it: always the most likely answer of the training rows)'),
    );
    for (const line of metricLines(metrics)) print(`  ${line}`);
  }
  return run;
};

const metricLines = (metrics) =>
  Object.keys(metrics)
    .filter((name) => !name.includes('.'))
    .map((name) => {
      const baseline = metrics[`baseline.${name}`];
      const beside = baseline === undefined ? '' : dim(numberText(baseline));
      return `${name.padEnd(12)} ${numberText(metrics[name]).padEnd(10)} ${beside}`.trimEnd();
    });

/** Under what name a run's model answers now, if it deployed one. */
export const endpointOf = (run) =>
  run.steps.find(({ component }) => component === 'deployment.deploy')?.outputs.endpoint?.endpoint;
