import { parentPort, workerData } from 'node:worker_threads';
import { toDomainError } from '@millrace/contracts';
import { trainModel } from './train-model.js';
import { cancelMessage, type WorkerMessage, type WorkerStart } from './worker-messages.js';

/** The other side of `WorkerFitRunner`. */
const port = parentPort!;
const { job, cancelled } = workerData as WorkerStart;
const flag = new Int32Array(cancelled);
const stop = new AbortController();
port.on('message', (message) => {
  if (message === cancelMessage) stop.abort();
});

const send = (message: WorkerMessage) => port.postMessage(message);
try {
  const model = await trainModel(job, {
    report: (report) => send({ kind: 'report', report }),
    signal: stop.signal,
    cancelled: {
      get aborted() {
        return Atomics.load(flag, 0) === 1;
      },
    },
  });
  send({ kind: 'done', model });
} catch (error) {
  send({ kind: 'failed', error: toDomainError(error).toBody() });
} finally {
  port.close();
}
