import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpServer, type Reply } from '../http/http-server.js';

/** An answer on its way back. */
export interface Altered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Alter = (answer: Altered, path: string) => Altered;

const kept = ['Content-Type', 'Content-Encoding', 'Inference-Header-Content-Length'];

const toAltered = ({ status, header, body }: Reply): Altered => ({
  status,
  headers: Object.fromEntries(
    kept.flatMap((name) => (header(name) === undefined ? [] : [[name, header(name)!]])),
  ),
  body,
});

const readAll = async (request: http.IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A server with a mistake: passes all on to another one, and alters what that answers. */
export const startAlteringProxy = async (
  target: string,
  alter: Alter,
): Promise<{ url: string } & AsyncDisposable> => {
  const behind = new HttpServer(target);
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    const headers = Object.fromEntries(
      [...kept, 'Accept-Encoding'].flatMap((name) => {
        const value = [request.headers[name.toLowerCase()]].flat()[0];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const reply = await behind.send(method, url, { body: await readAll(request), headers });
    const altered = alter(toAltered(reply), url);
    response.writeHead(altered.status, altered.headers).end(altered.body);
  };
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
