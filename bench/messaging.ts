import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connectNats, encodeJson, MessagingClient } from '@millrace/messaging';
import { startNats } from '@millrace/testing';
import { echo, prefix, rawSubject, dynamicSubject, bareSubject } from './messaging.contract.js';

/** One line of a bench's table. */
export interface BenchRow {
  metric: string;
  value: number;
  unit: string;
  goal?: number;
  ok?: boolean;
  how: string;
}

type Ask = () => Promise<unknown>;

const body = { name: 'delayed-flights', version: 3, alias: 'champion' };
const inFlight = 64;

const now = (): number => performance.now();

/** Requests per second with a fixed number in flight. */
const throughput = async (ask: Ask, ms: number): Promise<number> => {
  const began = now();
  const end = began + ms;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (now() < end) {
      await ask();
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done / (now() - began)) * 1_000;
};

/** Median of one request at a time, in microseconds. */
const latency = async (ask: Ask, ms: number): Promise<number> => {
  const times: number[] = [];
  for (const end = now() + ms; now() < end;) {
    const began = now();
    await ask();
    times.push(now() - began);
  }
  return median(times) * 1_000;
};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const startResponder = async (url: string): Promise<ChildProcess> => {
  const child = fork(fileURLToPath(new URL('./messaging-responder.ts', import.meta.url)), [url]);
  await once(child, 'message');
  return child;
};

/** Every side in turn, `rounds` times, after a warm-up: what each round gave. */
const inTurn = async (
  sides: Record<string, Ask>,
  measure: (ask: Ask, ms: number) => Promise<number>,
  { rounds, ms }: { rounds: number; ms: number },
): Promise<Record<string, number[]>> => {
  const results: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++)
    for (const [name, ask] of Object.entries(sides)) {
      const value = await measure(ask, ms);
      if (round >= 0) (results[name] ??= []).push(value);
    }
  return results;
};

const goal = 0.6;

/** Request-reply through our strategy and client against bare nats.js, same server, same run. */
export const run = async (o = { rounds: 9, ms: 600 }): Promise<BenchRow[]> => {
  await using nats = await startNats();
  const nc = await connectNats({ url: nats.url, name: 'bench' });
  const client = new MessagingClient(nc, { prefix });
  const responder = await startResponder(nats.url);
  const bytes = encodeJson(body);
  const sides = {
    'bare client, bare echo': () => nc.request(bareSubject, bytes, { timeout: 5_000 }),
    'our client, bare echo': () => client.requestRaw(bareSubject, bytes),
    'our client, @Handle': () => client.request(echo, body),
    'our client, @HandleRaw': () => client.requestRaw(rawSubject, bytes),
    'our client, addRaw': () => client.requestRaw(dynamicSubject, bytes),
  };
  try {
    const perSecond = await inTurn(sides, throughput, o);
    const micros = await inTurn(sides, latency, { rounds: o.rounds, ms: o.ms / 4 });
    const ratio = (a: keyof typeof sides, b: keyof typeof sides, how: string): BenchRow => {
      // Within each round, so that what else the machine does touches both sides alike.
      const value = median(perSecond[a]!.map((rate, i) => rate / perSecond[b]![i]!));
      return { metric: `${a} / ${b}`, value, unit: 'ratio', goal, ok: value >= goal, how };
    };
    return [
      ...Object.entries(perSecond).map(([metric, values]) => ({
        metric,
        value: median(values),
        unit: 'requests/s',
        how: `${inFlight} in flight, median of ${o.rounds} rounds, responder in its own process`,
      })),
      ...Object.entries(micros).map(([metric, values]) => ({
        metric: `${metric}: median`,
        value: median(values),
        unit: 'µs',
        how: 'one at a time',
      })),
      ratio(
        'our client, @Handle',
        'our client, bare echo',
        'same client; JSON parsed, DTO checked, reply serialised',
      ),
      ratio(
        'our client, @HandleRaw',
        'our client, bare echo',
        'same client; bytes through a Nest controller',
      ),
      ratio('our client, addRaw', 'our client, bare echo', 'same client; bytes, the road of predictions'),
      ratio('our client, @Handle', 'bare client, bare echo', 'all of ours against all of nats.js'),
    ];
  } finally {
    responder.kill();
    client.close();
    await nc.close();
  }
};
