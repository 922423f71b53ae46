import { exitCodes } from '../output/exit-code.js';
import { table } from '../output/table.js';
import { findServices, type FoundService } from '../connection/find-services.js';
import type { RunningState } from '../config/running-state.js';
import type { Context } from './context.js';

/** What was started here and does not answer. */
const missingOf = (running: RunningState | undefined, found: FoundService[]): FoundService[] =>
  (running?.services ?? [])
    .filter(({ name }) => name !== 'standalone' && !found.some((service) => service.name === name))
    .map(({ name }) => ({ name, version: '', replicas: 0, status: 'silent', problems: {} }));

const row = ({ name, version, replicas, status, problems }: FoundService) => [
  name,
  version,
  replicas,
  status,
  Object.entries(problems)
    .map(([check, error]) => `${check}: ${error}`)
    .join(', '),
];

export const status = async (context: Context): Promise<number> => {
  await using session = await context.connect();
  const { running, client } = session;
  const found = await findServices(client);
  const services = [...found, ...missingOf(running, found)].sort((a, b) => a.name.localeCompare(b.name));
  const ready = services.length > 0 && services.every((service) => service.status === 'ready');
  const where = {
    nats: client.nc.getServer(),
    ...(running?.gatewayUrl ? { gateway: running.gatewayUrl } : {}),
    ...(running?.grpcAddress ? { grpc: running.grpcAddress } : {}),
    ...(running ? { mode: running.mode } : {}),
  };
  context.output.result({ ready, ...where, services }, () =>
    [
      ...Object.entries(where).map(([name, value]) => `${name.padEnd(8)} ${value}`),
      '',
      services.length > 0
        ? table(['service', 'version', 'replicas', 'status', 'why not'], services.map(row))
        : 'NATS answers, but no service does',
    ].join('\n'),
  );
  return ready ? exitCodes.done : exitCodes.unavailable;
};
