import { DomainError, type Operation } from '@millrace/contracts';
import { errors, type MsgHdrs } from '@nats-io/transport-node';
import { errorOf } from '../wire/error-reply.js';
import { decodeJson, encodeJson } from '../wire/json.js';
import type { MessagingClient } from './messaging-client.js';

/** What the replicas of a service said, each for itself. */
export interface Answers<R> {
  replies: R[];
  errors: DomainError[];
  /** Replicas that are there and did not answer in time. */
  silent: number;
}

/** A replica answers discovery at once, unless it computes. */
const discovery = { strategy: 'stall', stall: 150, maxWait: 1_000 } as const;

interface Pong {
  metadata?: Record<string, string>;
}

/**
 * Asks every replica of a service that is there. Who is there is asked first (ADR-32 PING), so that it need not wait
 * longer than the slowest takes.
 * @throws DomainError `unavailable` when no replica is there or none answers
 */
export const askAll = async <Q extends object, R extends object>(
  client: MessagingClient,
  operation: Operation<Q, R>,
  body: Q,
  { maxWaitMs, headers }: { maxWaitMs: number; headers: MsgHdrs | undefined },
): Promise<Answers<R>> => {
  const { service, name } = operation;
  const there = await countReplicas(client, service);
  if (there === 0) throw unavailable(service);
  const answers: Answers<R> = { replies: [], errors: [], silent: there };
  const messages = await client.nc.requestMany(client.subjects.operation(service, name), encodeJson(body), {
    strategy: 'count',
    maxMessages: there,
    maxWait: maxWaitMs,
    ...(headers ? { headers } : {}),
  });
  for await (const message of messages) {
    const error = errorOf(message.headers, message.data);
    if (error) answers.errors.push(error);
    else answers.replies.push(decodeJson(message.data) as R);
    answers.silent -= 1;
  }
  if (answers.silent === there) throw unavailable(service);
  return answers;
};

/** Several Millraces may share one NATS: those of another prefix are not meant. */
const countReplicas = async (client: MessagingClient, service: string): Promise<number> => {
  let count = 0;
  try {
    for await (const message of await client.nc.requestMany(`$SRV.PING.${service}`, '', discovery)) {
      const { metadata } = decodeJson(message.data) as Pong;
      if (metadata?.['millrace.prefix'] === client.subjects.prefix) count += 1;
    }
  } catch (error) {
    if (!(error instanceof errors.NoRespondersError)) throw unavailable(service, error);
  }
  return count;
};

const unavailable = (service: string, cause?: unknown): DomainError =>
  new DomainError('unavailable', `no replica of ${service} answers`, { cause });
