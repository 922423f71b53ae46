import { setTimeout as wait } from 'node:timers/promises';
import { streamName, streams } from '@millrace/contracts';
import type { MessagingClient } from '@millrace/messaging';
import { jetstreamManager } from '@nats-io/jetstream';
import type { Books } from '../ledger/books.js';

/** What may be left when all is quiet: nothing. */
export interface Leftovers {
  unfinished: number;
  outbox: number;
  messages: number;
  tasks: number;
  completions: number;
}

export const isEmpty = (left: Leftovers): boolean => Object.values(left).every((n) => n === 0);

const messagesIn = async (client: MessagingClient, stream: string): Promise<number> => {
  const manager = await jetstreamManager(client.nc, { checkAPI: false });
  return (await manager.streams.info(streamName(client.subjects.prefix, stream))).state.messages;
};

/** What is left in a component's queue, and what its consumer knows of that. */
export const queuesOf = async (client: MessagingClient): Promise<string[]> => {
  const manager = await jetstreamManager(client.nc, { checkAPI: false });
  const found: string[] = [];
  const stream = streamName(client.subjects.prefix, streams.work);
  for await (const { name, num_pending, num_ack_pending, ack_floor, delivered } of manager.consumers.list(
    stream,
  ))
    found.push(
      `${name}: ${num_pending} to deliver, ${num_ack_pending} to be acknowledged, acknowledged up to ` +
        `${ack_floor.stream_seq}, delivered up to ${delivered.stream_seq}`,
    );
  const { state } = await manager.streams.info(stream, { subjects_filter: '>' });
  return [...found, `stream: ${state.first_seq} to ${state.last_seq}, ${JSON.stringify(state.subjects)}`];
};

/** Waits until nothing is left to do, or nothing has become less for as long as patience lasts, and says what was left. */
export const settle = async (
  books: Books,
  client: MessagingClient,
  o: {
    patienceMs: number;
    say: (left: Leftovers) => void;
    /** A request to pause may have come after the one to go on. */
    unpause: (run: string) => Promise<unknown>;
  },
): Promise<Leftovers> => {
  let until = performance.now() + o.patienceMs;
  let least = Infinity;
  let left: Leftovers = { unfinished: NaN, outbox: NaN, messages: NaN, tasks: NaN, completions: NaN };
  for (let round = 0; performance.now() < until; round++) {
    try {
      left = {
        unfinished: await books.unfinished(),
        outbox: await books.outbox(),
        messages: await books.messages(),
        tasks: await messagesIn(client, streams.work),
        completions: await messagesIn(client, streams.done),
      };
      if (isEmpty(left)) return left;
      if (left.unfinished < least) {
        least = left.unfinished;
        until = performance.now() + o.patienceMs;
      }
      if (round % 20 === 19) o.say(left);
      for (const run of await books.paused()) await o.unpause(run);
    } catch {
      // The servers may not be back yet.
    }
    await wait(250);
  }
  return left;
};
