import { createServer } from 'node:net';

const tryPort = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });

/** A loopback port that nobody listens on: the preferred one if it is free. */
export const freePort = async (preferred) =>
  (preferred === undefined ? undefined : await tryPort(preferred)) ?? (await tryPort(0));
