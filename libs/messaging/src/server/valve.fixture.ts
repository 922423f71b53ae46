import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between one client and its nats-server, and can keep back what the server says, as a full socket would. */
export const startValve = async (natsUrl: string) => {
  const target = new URL(natsUrl);
  const kept: Buffer[] = [];
  const sockets: Socket[] = [];
  let client: Socket | undefined;
  let holding = false;
  const server = createServer((socket) => {
    const upstream = connect(Number(target.port), target.hostname);
    client = socket;
    sockets.push(socket, upstream);
    socket.pipe(upstream);
    upstream.on('data', (chunk) => (holding ? kept.push(chunk) : socket.write(chunk)));
    for (const one of [socket, upstream]) one.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const release = (chunks: number): void => {
    for (const chunk of kept.splice(0, chunks)) client?.write(chunk);
  };
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many pieces are kept back. */
    get held(): number {
      return kept.length;
    },
    hold: () => void (holding = true),
    release,
    open(): void {
      holding = false;
      release(kept.length);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
