import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What becomes of bytes on their way. */
type Weather = 'fair' | 'stalled' | 'lost' | 'slow';

/** A way from one process to the nats-server that can be made bad, in user space and without privileges. */
export class Link implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  #weather: Weather = 'fair';
  #delayMs = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {}

  /** @param url of the nats-server */
  static async to(url: string): Promise<Link> {
    const { hostname: host, port } = new URL(url);
    const server = createServer();
    const link = new Link(server, { host, port: Number(port) });
    server.on('connection', (socket) => link.#carry(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return link;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Every connection is reset. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Nothing gets through; all of it does afterwards. */
  async stall(ms: number, until: AbortSignal): Promise<void> {
    await this.#during('stalled', ms, until);
    for (const socket of this.#sockets) socket.resume();
  }

  /** What is sent is gone, and nobody is told; afterwards connections are reset. */
  async lose(ms: number, until: AbortSignal): Promise<void> {
    await this.#during('lost', ms, until);
    this.cut();
  }

  async slow(ms: number, delayMs: number, until: AbortSignal): Promise<void> {
    this.#delayMs = delayMs;
    await this.#during('slow', ms, until);
  }

  async #during(weather: Weather, ms: number, until: AbortSignal): Promise<void> {
    this.#weather = weather;
    if (weather === 'stalled') for (const socket of this.#sockets) socket.pause();
    await wait(ms, undefined, { signal: until }).catch(() => undefined);
    this.#weather = 'fair';
  }

  #carry(near: Socket): void {
    const far = connect(this.target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => undefined);
      // Half a connection is none.
      from.once('close', () => (this.#sockets.delete(from), to.destroy()));
      this.#forward(from, to);
    }
    if (this.#weather === 'stalled') for (const socket of [near, far]) socket.pause();
  }

  #forward(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    let late = 0;
    const write = (chunk: Buffer): void => {
      if (to.destroyed || to.write(chunk)) return;
      from.pause();
      to.once('drain', () => this.#weather !== 'stalled' && from.resume());
    };
    from.on('data', (chunk: Buffer) => {
      if (this.#weather === 'lost') return;
      const delayMs = this.#weather === 'slow' ? this.#delayMs : 0;
      if (delayMs === 0 && late === 0) return write(chunk);
      late++;
      // In order: nothing overtakes what is late.
      last = last.then(() => wait(delayMs)).then(() => (late--, write(chunk)));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
