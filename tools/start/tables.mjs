import { relative } from 'node:path';
import { bold, dim, print, seconds } from '../setup/terminal.mjs';

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

export const showPlaces = ({ natsUrl, gatewayUrl, stateDir }) => {
  const state = relative(process.cwd(), stateDir) || stateDir;
  print();
  print(bold('Where everything listens'));
  print(`  REST          ${gatewayUrl}/v1   ${dim('pipelines, runs, datasets, models, deployments')}`);
  print(`  predictions   ${gatewayUrl}/v2   ${dim('Open Inference Protocol')}`);
  print(`  API page      ${gatewayUrl}/docs`);
  print(`  NATS          ${natsUrl}   ${dim('millrace.v1.>; nats micro ls')}`);
  print(`  state, logs   ${state}/   ${dim(`${state}/logs/<service>.log`)}`);
  print();
};
