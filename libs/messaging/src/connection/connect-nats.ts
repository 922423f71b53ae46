import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { DomainError, InvalidRequest } from '@millrace/contracts';
import {
  connect,
  credsAuthenticator,
  errors,
  type Authenticator,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';

export interface NatsOptions {
  /** One or more, comma-separated: `nats://host:4222`. User and password may be part of it. */
  url: string;
  /** Shown by the server's monitoring. */
  name: string;
  /** Path of a `.creds` file. */
  credentialsFile?: string;
  inboxPrefix?: string;
  /** After the first connection; −1 (default) = for ever. */
  maxReconnectAttempts?: number;
  /** How long to try for the first connection, in milliseconds; default for ever. */
  firstConnectTimeoutMs?: number;
  /** Ends the wait for the first connection. */
  signal?: AbortSignal;
  /** Told about every failed first try. */
  onRetry?: (error: Error) => void;
}

const retryMs = 500;

/**
 * A connection that never gives up: the first try is repeated until it succeeds, and a lost connection is sought again
 * for ever. A dead peer is noticed within 20 s (ping every 10 s).
 * @throws InvalidRequest for a URL or a credentials file that is none; after `firstConnectTimeoutMs` DomainError `unavailable`, or
 * `unauthenticated` where the server refused us last; `cancelled` by `signal`
 */
export const connectNats = async (o: NatsOptions): Promise<NatsConnection> => {
  const options = await connectionOptions(o);
  const end = performance.now() + (o.firstConnectTimeoutMs ?? Infinity);
  for (;;) {
    if (o.signal?.aborted) throw new DomainError('cancelled', 'gave up connecting to NATS');
    try {
      return await connect(options);
    } catch (error) {
      const cause = error as Error;
      if (performance.now() + retryMs > end)
        throw new DomainError(
          cause instanceof errors.AuthorizationError ? 'unauthenticated' : 'unavailable',
          `no connection to NATS: ${cause.message}`,
          { cause },
        );
      o.onRetry?.(cause);
      await delay(retryMs, undefined, o.signal ? { signal: o.signal } : {}).catch(() => undefined);
    }
  }
};

const connectionOptions = async (o: NatsOptions): Promise<ConnectionOptions> => ({
  ...serversOf(o.url),
  name: o.name,
  maxReconnectAttempts: o.maxReconnectAttempts ?? -1,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  // Otherwise two refusals of our credentials, as while a server is set up anew, would end the connection for good.
  ignoreAuthErrorAbort: true,
  pingInterval: 10_000,
  maxPingOut: 2,
  timeout: 5_000,
  // A stack trace per request would cost more than the request.
  noAsyncTraces: true,
  ...(o.inboxPrefix === undefined ? {} : { inboxPrefix: o.inboxPrefix }),
  ...(o.credentialsFile === undefined ? {} : { authenticator: await authenticatorOf(o.credentialsFile) }),
});

const authenticatorOf = async (file: string): Promise<Authenticator> => {
  try {
    const authenticator = credsAuthenticator(await readFile(file));
    // It is read only when a server asks, and then again and again.
    authenticator('nonce');
    return authenticator;
  } catch (error) {
    const message = `can not be used: ${(error as Error).message}`;
    throw new InvalidRequest([{ field: 'credentialsFile', message }]);
  }
};

/**
 * nats.js takes neither credentials nor the wish for TLS from a URL.
 * @throws InvalidRequest that does not repeat the URL, which may hold a password
 */
export const serversOf = (
  url: string,
): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'token' | 'tls'> => {
  const urls = url.split(',').map((one) => parseUrl(one.trim()));
  const { username, password, protocol } = urls[0]!;
  const user = decoded(username);
  return {
    servers: urls.map(({ host }) => host),
    ...(protocol === 'tls:' ? { tls: {} } : {}),
    ...(user === '' ? {} : password === '' ? { token: user } : { user, pass: decoded(password) }),
  };
};

const refused = (message: string): InvalidRequest => new InvalidRequest([{ field: 'url', message }]);

const malformed = (text: string): InvalidRequest =>
  refused(
    text.includes('@')
      ? 'must be nats://user:password@host:port, with user and password percent-encoded'
      : 'must be nats://host:port',
  );

const parseUrl = (text: string): URL => {
  const full = text.includes('://') ? text : `nats://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || url.host === '' || !/^\/?$/.test(url.pathname + url.search + url.hash)) throw malformed(text);
  if (url.protocol !== 'nats:' && url.protocol !== 'tls:')
    throw refused(`must begin with nats:// or tls://, not with ${url.protocol}//`);
  return url;
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed('@');
  }
};
