import { Readable, Writable } from 'node:stream';
import { errorCodes, headerNames, toDomainError } from '@millrace/contracts';
import { connectNats, encodeJson, MessagingClient } from '@millrace/messaging/caller';
import { startNats, type TestNats } from '@millrace/testing';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { runCli } from '../run-cli.js';

export interface Result {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface Running {
  exitCode: Promise<number>;
  stdout(): string;
  stderr(): string;
}

interface RunOptions {
  stdin?: string;
  natsUrl?: string;
  natsCredentialsFile?: string;
}

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The command against a real nats-server, and what stands in for the services. */
export class TestCli {
  private constructor(
    readonly nats: TestNats,
    readonly client: MessagingClient,
  ) {}

  static async start(): Promise<TestCli> {
    const nats = await startNats({ jetstream: false });
    return new TestCli(nats, new MessagingClient(await connectNats({ url: nats.url, name: 'responders' })));
  }

  async run(args: string[], options: RunOptions = {}): Promise<Result> {
    const { exitCode, stdout, stderr } = this.start(args, options);
    return { exitCode: await exitCode, stdout: stdout(), stderr: stderr() };
  }

  /** For what is to be seen while it runs. */
  start(args: string[], { stdin = '', natsUrl = this.nats.url, ...credentials }: RunOptions = {}): Running {
    const [stdout, stderr] = [new Collected(), new Collected()];
    const io = {
      stdin: Readable.from([Buffer.from(stdin)]) as AsyncIterable<Buffer>,
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr,
    };
    const env = { natsUrl, ...credentials, prefix: 'millrace.v1', noColor: false, ci: false };
    return { exitCode: runCli(args, env, io), stdout: () => stdout.text, stderr: () => stderr.text };
  }

  /** Answers an operation, e.g. `registry.model.get`, or `infer.<endpoint>.rows`. @returns the requests */
  async answer(
    subject: string,
    answer: (request: Record<string, unknown>) => object,
  ): Promise<Record<string, unknown>[]> {
    const requests: Record<string, unknown>[] = [];
    this.client.nc.subscribe(`millrace.v1.${subject}`, {
      callback: (_error, message) => {
        const request = message.json<Record<string, unknown>>();
        requests.push(request);
        try {
          message.respond(encodeJson(answer(request)));
        } catch (thrown) {
          const error = toDomainError(thrown);
          const headers = natsHeaders();
          headers.set(headerNames.serviceErrorCode, String(errorCodes[error.code].http));
          message.respond(encodeJson(error.toBody()), { headers });
        }
      },
    });
    await this.client.nc.flush();
    return requests;
  }

  async stop(): Promise<void> {
    await this.client.nc.close();
    await this.nats.stop();
  }
}
