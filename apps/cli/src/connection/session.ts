import { DomainError, toDomainError } from '@millrace/contracts';
import { connectNats, MessagingClient } from '@millrace/messaging/caller';
import type { CliEnv } from '../config/cli.env.js';
import { runningState, type RunningState } from '../config/running-state.js';
import { startHint } from '../output/failure.js';

export interface SessionOptions {
  env: CliEnv;
  /** Before the environment and what runs here. */
  nats?: string;
  stateDir?: string;
}

/** A connection for the time of one command. */
export class Session implements AsyncDisposable {
  private constructor(
    readonly client: MessagingClient,
    readonly running: RunningState | undefined,
  ) {}

  /** @throws DomainError `unavailable`, which says how to start; `invalid_request` or `unauthenticated`, which name the setting */
  static async open({ env, nats, stateDir }: SessionOptions): Promise<Session> {
    const asked = nats || env.natsUrl || undefined;
    const running = asked === undefined ? runningState(stateDir) : undefined;
    const url = asked ?? running?.natsUrl;
    if (url === undefined) throw new DomainError('unavailable', startHint);
    const nc = await connectNats({
      url,
      name: 'millrace-cli',
      firstConnectTimeoutMs: 2_000,
      ...(env.natsCredentialsFile ? { credentialsFile: env.natsCredentialsFile } : {}),
    }).catch((cause: unknown) => {
      throw obstacle(toDomainError(cause), withoutSecrets(url), {
        url: nats ? '--nats' : 'NATS_URL',
        ...(env.natsCredentialsFile ? { credentialsFile: 'NATS_CREDENTIALS_FILE' } : {}),
      });
    });
    return new Session(new MessagingClient(nc, { prefix: env.prefix }), running);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.client.nc.close();
  }
}

/** @param names of what was given, as the user calls it */
const obstacle = (
  cause: DomainError,
  url: string,
  names: { url: string; credentialsFile?: string },
): DomainError => {
  const [wrong] = cause.details?.fields ?? [];
  const { code } = cause;
  switch (code) {
    case 'invalid_request':
      return new DomainError(code, `${names[wrong?.field as keyof typeof names]} ${wrong?.message}`, {
        cause,
      });
    case 'unauthenticated': {
      const shown = names.credentialsFile ?? names.url;
      return new DomainError(code, `NATS at ${url} refuses what ${shown} has to show`, { cause });
    }
    default:
      return new DomainError('unavailable', `no NATS answers at ${url}: is Millrace up?`, { cause });
  }
};

const withoutSecrets = (url: string): string => url.replaceAll(/\/\/[^@/,]*@/g, '//');
