import { Worker } from 'node:worker_threads';
import type { HostChannel, HostListener, HostReply } from './channel.js';

const hostFile = new URL('./host.js', import.meta.url);

/** Typed arrays change hands without a copy. It cannot be ended while it runs a model (see `host.js`). */
export const openThread = (listener: HostListener): HostChannel => {
  const worker = new Worker(hostFile, { execArgv: [], env: {} });
  worker.on('message', (reply: HostReply) => listener.reply(reply));
  worker.on('error', (error) => listener.ended(error.message));
  worker.on('exit', (code) => listener.ended(`exit code ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    hold: () => worker.ref(),
    rest: () => worker.unref(),
    end: () => {
      worker.postMessage({ close: true });
      worker.unref();
    },
  };
};
