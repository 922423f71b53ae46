import { join, relative } from 'node:path';
import { bold, dim, print, seconds, yellow } from '../setup/terminal.mjs';

export const showServices = ({ services, natsUrl, nats }, startedAfter) => {
  print();
  print(bold('service        process   health                   ready after'));
  for (const { name, pid, healthPort } of services.values()) {
    const health = healthPort ? `http://127.0.0.1:${healthPort}` : '-';
    print(
      `${name.padEnd(14)} ${String(pid).padEnd(9)} ${health.padEnd(24)} ${dim(seconds(startedAfter.get(name) ?? 0))}`,
    );
  }
  print(`${'nats-server'.padEnd(14)} ${String(nats?.pid ?? '-').padEnd(9)} ${natsUrl}`);
};

/** As somebody who stands here would write it: relative below this directory, whole elsewhere. */
const placeOf = (path) => {
  const from = relative(process.cwd(), path);
  return from === '' || from.startsWith('..') ? path : from;
};

export const showPlaces = ({ natsUrl, gatewayUrl, grpcAddress, stateDir }) => {
  const state = placeOf(stateDir);
  print();
  print(bold('Where everything listens'));
  print(`  REST          ${gatewayUrl}/v1   ${dim('pipelines, runs, datasets, models, deployments')}`);
  print(`  predictions   ${gatewayUrl}/v2   ${dim('Open Inference Protocol')}`);
  print(`  over gRPC     ${grpcAddress}   ${dim('the same, with apps/gateway/proto')}`);
  print(`  API page      ${gatewayUrl}/docs`);
  print(`  NATS          ${natsUrl}   ${dim('millrace.v1.>; nats micro ls')}`);
  print(`  state, logs   ${state}/   ${dim(`${state}/logs/<service>.log`)}`);
  print();
};

/** What to type next; `root` is the clone, whose own directory the command finds by itself. */
export const showNext = ({ stateDir, natsUrl }, root) => {
  const own = stateDir === join(root, '.millrace') ? '' : ` --state-dir ${placeOf(stateDir)}`;
  print(bold('In another terminal'));
  const lines = [
    ['status', 'which services are ready'],
    ['runs', 'and: logs <run> --follow, why <run> <step>, lineage <run>'],
    ['run examples/penguins/pipeline.yaml --watch', 'a run that takes seconds'],
    ['--help', 'everything else'],
  ];
  const width = Math.max(...lines.map(([command]) => command.length));
  for (const [command, what] of lines) print(`  npx millrace${own} ${command.padEnd(width)}   ${dim(what)}`);
  const { NATS_URL } = process.env;
  if (NATS_URL && NATS_URL !== natsUrl)
    print(
      yellow('  NATS_URL is set in this shell, and would lead these commands elsewhere: unset it first.'),
    );
  print();
};

export const showKept = ({ stateDir }) => {
  print();
  print(
    `Data, models and runs are kept in ${placeOf(stateDir)}/. To keep it running: npm start (without --once)`,
  );
};
