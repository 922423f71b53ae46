import { once } from 'node:events';
import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';

export interface RawAnswer {
  /** Of HTTP. */
  http: number;
  /** `grpc-status`; undefined where there is none. */
  status: number | undefined;
  /** Percent-encoded. */
  message: string;
  body: Buffer;
}

/** A message as gRPC frames it: whether it is compressed, its length, itself. */
export const framed = (message: Buffer, { compressed = 0, length = message.length } = {}): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
};

/** What no gRPC client would send, over one HTTP/2 connection. */
export class RawGrpc {
  private constructor(private readonly session: ClientHttp2Session) {}

  static async connect(address: string): Promise<RawGrpc> {
    const session = connect(`http://${address}`);
    session.on('error', () => undefined);
    await once(session, 'connect');
    return new RawGrpc(session);
  }

  get closed(): boolean {
    return this.session.closed || this.session.destroyed;
  }

  open(method: string, headers: Record<string, string> = {}): ClientHttp2Stream {
    return this.session.request(
      {
        ':method': 'POST',
        ':path': method.startsWith('/') ? method : `/inference.GRPCInferenceService/${method}`,
        ...{ 'content-type': 'application/grpc', te: 'trailers', ...headers },
      },
      { endStream: false },
    );
  }

  /** Sends the bytes as they are. */
  send(method: string, bytes: Buffer, headers?: Record<string, string>): Promise<RawAnswer> {
    const stream = this.open(method, headers);
    const answer = answerOf(stream);
    stream.end(bytes);
    return answer;
  }

  close(): void {
    this.session.destroy();
  }
}

export const answerOf = async (stream: ClientHttp2Stream): Promise<RawAnswer> => {
  let headers: IncomingHttpHeaders = {};
  let http = 0;
  const chunks: Buffer[] = [];
  stream.on('response', (received) => {
    http = Number(received[':status']);
    headers = { ...headers, ...received };
  });
  stream.on('trailers', (received) => (headers = { ...headers, ...received }));
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  // A stream whose own half is not ended would stay open.
  stream.once('end', () => stream.close());
  await new Promise((closed) => stream.once('close', closed));
  const status = headers['grpc-status'];
  return {
    http,
    status: status === undefined ? undefined : Number(status),
    message: String(headers['grpc-message'] ?? ''),
    body: Buffer.concat(chunks),
  };
};
