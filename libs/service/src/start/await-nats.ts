import { toDomainError } from '@millrace/contracts';
import { connectNats } from '@millrace/messaging';
import { redactUrl, type Logger } from '@millrace/observability';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import type { BaseEnv } from '../env/base.env.js';
import { StartError } from '../env/env-error.js';

/** How often the same obstacle is told again. */
const sayAgainMs = 10_000;

export interface AwaitNatsOptions {
  /** Shown by the server's monitoring. */
  name: string;
  logger: Logger;
  signal?: AbortSignal;
  /** Told what stands in the way, each time it does. */
  onWait(reason: string): void;
}

/**
 * The connection to NATS, as soon as it can be had. What is in the way is logged at once, when it changes, and every ten
 * seconds: a server that is away as a warning, one that does not let us in as an error, since waiting may not help.
 * @throws StartError for a credentials file that can't be read, DomainError `cancelled` by the signal
 */
export const awaitNats = async (
  { NATS_URL, NATS_CREDENTIALS_FILE }: BaseEnv,
  { name, logger, signal, onWait }: AwaitNatsOptions,
): Promise<NatsConnection> => {
  const nats = redactUrl(NATS_URL);
  const credentials = NATS_CREDENTIALS_FILE === undefined ? 'NATS_URL' : 'NATS_CREDENTIALS_FILE';
  let said = { reason: '', at: -Infinity };
  const onRetry = (error: Error): void => {
    const reason = error.message;
    onWait(reason);
    const now = performance.now();
    if (reason === said.reason && now - said.at < sayAgainMs) return;
    said = { reason, at: now };
    if (error instanceof errors.AuthorizationError)
      logger.error({ nats, reason }, `NATS refuses what ${credentials} has to show; trying again`);
    else logger.warn({ nats, reason }, 'NATS is away; trying again');
  };
  return connectNats({
    url: NATS_URL,
    name,
    ...(NATS_CREDENTIALS_FILE === undefined ? {} : { credentialsFile: NATS_CREDENTIALS_FILE }),
    ...(signal ? { signal } : {}),
    onRetry,
  }).catch((error: unknown) => {
    const { code, details } = toDomainError(error);
    if (code !== 'invalid_request') throw error;
    throw new StartError(`${credentials} ${details?.fields?.[0]?.message}`, { cause: error });
  });
};
