import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Closers } from './closers.js';
import { features } from './models.js';

/** A script of this folder in a process of its own; it ends with this one at the latest. */
const start = async (script: string, args: string[], closers: Closers): Promise<ChildProcess> => {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, { execArgv: [] });
  closers.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${script} ended with ${String(code)}`))),
  ]);
  return child;
};

const ask = async <Answer>(child: ChildProcess, message: object): Promise<Answer> => {
  child.send(message);
  const [answer] = (await once(child, 'message')) as [Answer];
  return answer;
};

/** A bare responder on that subject. */
export const startEcho = async (url: string, subject: string, closers: Closers): Promise<void> => {
  await start('./echo.mjs', [url, subject], closers);
};

/** ONNX Runtime alone in so many processes. @returns rows per second of all, when measured */
export const startBareRunners = async (
  file: string,
  { processes, rows }: { processes: number; rows: number },
  closers: Closers,
): Promise<(ms: number) => Promise<number>> => {
  const args = [file, String(rows), String(features)];
  const all = await Promise.all(
    Array.from({ length: processes }, () => start('./bare-runner.mjs', args, closers)),
  );
  return async (ms) => {
    const ran = await Promise.all(all.map((child) => ask<{ runs: number; ms: number }>(child, { ms })));
    return ran.reduce((sum, one) => sum + (one.runs * rows * 1_000) / one.ms, 0);
  };
};

export interface HttpLoad {
  pid: number;
  /** @returns requests per second */
  run(port: number, path: string, body: Buffer, ms: number): Promise<number>;
}

/** The load on HTTP servers, in a process of its own. */
export const startHttpLoad = async (closers: Closers, connections = 64): Promise<HttpLoad> => {
  const child = await start('./http-load.mjs', [], closers);
  const run: HttpLoad['run'] = async (port, path, body, ms) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const request = Buffer.concat([Buffer.from(head), body]).toString('base64');
    const done = await ask<{ requests: number; ms: number; mistake?: string }>(child, {
      ...{ port, request, connections, ms },
    });
    if (done.mistake !== undefined) throw new Error(done.mistake);
    return (done.requests / done.ms) * 1_000;
  };
  return { pid: child.pid!, run };
};
