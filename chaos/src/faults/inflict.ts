import { setTimeout as wait } from 'node:timers/promises';
import type { House } from '../processes/house.js';
import { Random } from '../random/random.js';
import { filesIn, flipBit } from './flip-bit.js';
import { spoilArtifacts } from './spoil-artifacts.js';
import { disks, type Fault, type FaultName } from './timeline.js';

export interface InflictOptions {
  calm: AbortSignal;
  /** Told of each fault before it happens. */
  onFault: (fault: string) => void;
  /** Told of what else is to be told. */
  onEvent: (event: string) => void;
  /** Told before an artifact is spoiled. */
  onSpoil: (digest: string) => void;
}

type Deed = (house: House, fault: Fault, o: InflictOptions) => Promise<void>;

const pause = (ms: number, { calm }: InflictOptions): Promise<void> =>
  wait(ms, undefined, { signal: calm }).catch(() => undefined);

const drawFor = ({ atMs, name }: Fault): Random => new Random('deed', name, atMs);

const deeds: Record<FaultName, Deed> = {
  'kill orchestrator': async (house, { target }) => house.orchestrators[target]?.kill(),
  'kill worker': async (house, { target }) => house.workers[target]?.kill(),
  'kill nats': async ({ nats }, { ms }, o) => {
    await nats.kill('SIGKILL');
    await pause(ms, o);
    await nats.restart();
  },
  'wipe jetstream': (house) => house.loseMessages(({ nats }) => nats.wipeJetStream()),
  'spoil jetstream': (house, fault, { onEvent }) =>
    house.loseMessages(async ({ nats }) => {
      await nats.kill('SIGKILL');
      const random = drawFor(fault);
      const files = await filesIn(nats.storeDirectory);
      const path = files.length > 0 ? random.pick(files) : undefined;
      const at = path === undefined ? 0 : await flipBit(path, random);
      onEvent(`a bit is wrong in ${path?.slice(nats.storeDirectory.length + 1)}, byte ${at}`);
      // A server that refuses to start on it is given an empty directory, as somebody would have to do.
      await nats.restart().catch(() => (onEvent('nats-server does not start on it'), nats.wipeJetStream()));
    }),
  'spoil artifacts': (house, fault, { calm, onSpoil }) =>
    spoilArtifacts({ directory: house.artifacts, random: drawFor(fault), ms: fault.ms, calm, onSpoil }),
  'pause worker': async (house, { target, ms }, { calm }) => house.workers[target]?.pause(ms, calm),
  'pause orchestrator': async (house, { target, ms }, { calm }) =>
    house.orchestrators[target]?.pause(ms, calm),
  'restart postgres': async ({ postgres }) => postgres?.restart(),
  // And back: a jump the other way.
  'jump clock': async (house, { target, ms }, o) => {
    house.moveClock(target, ms);
    await pause(4_000, o);
    house.moveClock(target, 0);
  },
  'cut network': (house, { target }) => Promise.resolve(house.links[target]?.cut()),
  'stall network': async (house, { target, ms }, { calm }) => house.links[target]?.stall(ms, calm),
  'lose network': async (house, { target, ms }, { calm }) => house.links[target]?.lose(ms, calm),
  'slow network': async (house, fault, { calm }) =>
    house.links[fault.target]?.slow(fault.ms, drawFor(fault).integer(20, 300), calm),
  'fill disk': async (house, fault, o) => {
    const disk = house.disks.get(disks[fault.target] ?? 'database');
    // So much may still be written, perhaps half of something.
    await disk?.fill(drawFor(fault).integer(0, 16) * 4_096);
    await pause(fault.ms, o);
    await disk?.free();
    await house.revive();
  },
};

/** What is done to one thing is done one after the other. */
const queueOf = ({ name, target }: Fault): string => {
  if (name.endsWith('nats') || name.endsWith('jetstream')) return 'nats';
  if (name === 'fill disk') return disks[target] === 'jetstream' ? 'nats' : `disk-${target}`;
  return name.endsWith('network') ? `network-${target}` : `${name}-${target}`;
};

/** Does to the house what the timeline says, each at its time, and resolves when all is done. */
export const inflict = async (house: House, faults: readonly Fault[], o: InflictOptions): Promise<void> => {
  const queues = new Map<string, Promise<void>>();
  const began = performance.now();
  for (const fault of faults) {
    await pause(Math.max(0, fault.atMs - (performance.now() - began)), o);
    if (o.calm.aborted) break;
    if (fault.name === 'fill disk' && !house.disks.has(disks[fault.target] ?? 'database')) continue;
    o.onFault(describeFault(fault));
    const before = queues.get(queueOf(fault)) ?? Promise.resolve();
    queues.set(
      queueOf(fault),
      before.then(() => deeds[fault.name](house, fault, o)),
    );
  }
  await Promise.all(queues.values());
};

export const describeFault = ({ name, target, ms }: Fault): string => {
  if (name === 'fill disk') return `fill disk of ${disks[target]} (${ms} ms)`;
  const which = /worker|orchestrator|network/.test(name) ? ` ${target}` : '';
  const long = /pause|kill nats|clock|stall|lose|slow|artifacts/.test(name) ? ` (${ms} ms)` : '';
  return `${name}${which}${long}`;
};
