import { DurablePuller, type Consumption, type MessagingClient } from '@millrace/messaging';
import type { Logger } from '@millrace/observability';
import { jetstreamManager, RetentionPolicy, type JsMsg } from '@nats-io/jetstream';
import { covers } from './subject-patterns.js';

/** Longer than anybody is away; then a trigger that nobody has any more leaves nothing behind. */
const eightDaysMs = 8 * 86_400_000;

/**
 * The stream that keeps all messages of a subject for any number of readers. A work queue is none: there, a message that
 * we took would be missing elsewhere.
 */
export const findStream = async ({ nc }: MessagingClient, subject: string): Promise<string | undefined> => {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  for await (const { config } of manager.streams.list(subject))
    if (
      config.retention !== RetentionPolicy.Workqueue &&
      config.subjects.some((pattern) => covers(pattern, subject))
    )
      return config.name;
  return undefined;
};

/** Every message of a subject that came since, each at least once. Replicas share them. */
export const followStream = (
  client: MessagingClient,
  o: { stream: string; durable: string; subject: string; since: number; logger: Logger },
  handle: (message: JsMsg) => Promise<void>,
): Consumption =>
  new DurablePuller(client, {
    ...{ stream: o.stream, durable: o.durable, filter: o.subject, foreignSince: o.since, handle },
    ...{ batch: 32, lanes: 1, inactiveMs: eightDaysMs, logger: o.logger },
  });

/** Another replica may have been faster; and what can't be removed now is removed by the server, later. */
export const removeConsumer = async (
  { nc }: MessagingClient,
  stream: string,
  durable: string,
): Promise<void> => {
  const manager = await jetstreamManager(nc, { checkAPI: false });
  await manager.consumers.delete(stream, durable).catch(() => undefined);
};
