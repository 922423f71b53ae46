import { setTimeout as wait } from 'node:timers/promises';
import type { House } from '../processes/house.js';
import type { Fault, FaultName } from './timeline.js';

type Deed = (house: House, fault: Fault, calm: AbortSignal) => Promise<void>;

const deeds: Record<FaultName, Deed> = {
  'kill orchestrator': async (house, { target }) => house.orchestrators[target]?.kill(),
  'kill worker': async (house, { target }) => house.workers[target]?.kill(),
  'kill nats': async ({ nats }, { ms }, calm) => {
    await nats.kill('SIGKILL');
    await wait(ms, undefined, { signal: calm }).catch(() => undefined);
    await nats.restart();
  },
  'wipe jetstream': ({ nats }) => nats.wipeJetStream(),
  'pause worker': async (house, { target, ms }, calm) => house.workers[target]?.pause(ms, calm),
  'pause orchestrator': async (house, { target, ms }, calm) => house.orchestrators[target]?.pause(ms, calm),
  'restart postgres': async ({ postgres }) => postgres?.restart(),
  // And back: a jump the other way.
  'jump clock': async (house, { target, ms }, calm) => {
    house.moveClock(target, ms);
    await wait(4_000, undefined, { signal: calm }).catch(() => undefined);
    house.moveClock(target, 0);
  },
};

/** What is done to the nats-server is done one thing after the other. */
const queueOf = ({ name, target }: Fault): string =>
  name.endsWith('nats') || name.endsWith('jetstream') ? 'nats' : `${name}-${target}`;

/** Does to the house what the timeline says, each at its time, and resolves when all is done. */
export const inflict = async (
  house: House,
  faults: readonly Fault[],
  o: { calm: AbortSignal; onEvent: (event: string) => void },
): Promise<void> => {
  const queues = new Map<string, Promise<void>>();
  const began = performance.now();
  for (const fault of faults) {
    await wait(Math.max(0, fault.atMs - (performance.now() - began)), undefined, { signal: o.calm }).catch(
      () => undefined,
    );
    if (o.calm.aborted) break;
    o.onEvent(describeFault(fault));
    const before = queues.get(queueOf(fault)) ?? Promise.resolve();
    queues.set(
      queueOf(fault),
      before.then(() => deeds[fault.name](house, fault, o.calm)),
    );
  }
  await Promise.all(queues.values());
};

export const describeFault = ({ name, target, ms }: Fault): string => {
  const which = /worker|orchestrator/.test(name) ? ` ${target}` : '';
  const long = /pause|nats|clock/.test(name) ? ` (${ms} ms)` : '';
  return `${name}${which}${long}`;
};
