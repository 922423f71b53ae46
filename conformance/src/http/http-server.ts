import http from 'node:http';
import https from 'node:https';

export interface Reply {
  status: number;
  header(name: string): string | undefined;
  body: Buffer;
  /** The body as text. */
  text: string;
}

export interface Sending {
  body?: Uint8Array | string;
  headers?: Record<string, string>;
}

const timeoutMs = 30_000;

/** A server as HTTP reaches it: nothing is added to a request, and nothing is done to an answer. */
export class HttpServer {
  private readonly base: string;
  private readonly agent: http.Agent;

  constructor(url: string) {
    this.base = url.replace(/\/+$/, '');
    const options = { keepAlive: true, maxSockets: 4 };
    this.agent = this.base.startsWith('https:') ? new https.Agent(options) : new http.Agent(options);
  }

  get(path: string): Promise<Reply> {
    return this.send('GET', path);
  }

  post(path: string, sending: Sending = {}): Promise<Reply> {
    return this.send('POST', path, sending);
  }

  send(method: string, path: string, { body = '', headers = {} }: Sending = {}): Promise<Reply> {
    const { request } = this.base.startsWith('https:') ? https : http;
    const bytes = Buffer.from(body as string);
    const length = method === 'GET' ? {} : { 'Content-Length': String(bytes.length) };
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.base}${path}`,
        { method, agent: this.agent, headers: { ...length, ...headers }, timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve(toReply(response, Buffer.concat(chunks))));
        },
      );
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      asked.on('error', reject);
      asked.end(method === 'GET' ? undefined : bytes);
    });
  }
}

const toReply = (response: http.IncomingMessage, body: Buffer): Reply => ({
  status: response.statusCode ?? 0,
  header: (name) => [response.headers[name.toLowerCase()]].flat()[0],
  body,
  text: body.toString('utf8'),
});
