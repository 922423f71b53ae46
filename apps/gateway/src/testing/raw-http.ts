import { connect, type Socket } from 'node:net';

/** What a server sends over one connection until it closes it; for requests that no HTTP client would send. */
export class RawHttp {
  received = '';
  readonly closed: Promise<string>;
  private readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    // A reset is an end as well: the server cut off what it had refused.
    this.socket.on('error', () => this.socket.destroy());
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve(this.received)));
  }

  write(...lines: string[]): this {
    this.socket.write(lines.join('\r\n'));
    return this;
  }

  pause(): this {
    this.socket.pause();
    return this;
  }

  resume(): this {
    this.socket.resume();
    return this;
  }

  close(): void {
    this.socket.destroy();
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received)?.[1]);
  }
}
