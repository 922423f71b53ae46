/**
 * Runs models where they can do no harm: the main file of a worker thread or of a process of its own. Plain JavaScript
 * on the runtime alone, so that it starts without a loader and within some 100 ms.
 * Messages: {load, options} | {run} | {close} → {result} | {error}, one at a time, answered in order.
 */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

let session;

const load = async ({ load: bytes, options }) => {
  const before = session;
  session = undefined;
  await before?.release();
  const began = performance.now();
  session = await InferenceSession.create(bytes, options);
  return { ms: performance.now() - began };
};

/** Where Node has a Float16Array, FP16 comes as one; it goes as its bits. */
const plain = ({ type, dims, data }) => ({
  type,
  dims,
  data: type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data,
});

const run = async ({ run: feeds }) => {
  const tensors = {};
  for (const name in feeds) tensors[name] = new Tensor(feeds[name].type, feeds[name].data, feeds[name].dims);
  const began = performance.now();
  const results = await session.run(tensors);
  const ms = performance.now() - began;
  const outputs = {};
  for (const name in results) outputs[name] = plain(results[name]);
  return { ms, outputs };
};

const answer = async (message) => {
  try {
    return { result: await (message.load ? load(message) : run(message)) };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
};

const buffersOf = ({ result }) =>
  Object.values(result?.outputs ?? {}).flatMap(({ data }) => (ArrayBuffer.isView(data) ? [data.buffer] : []));

// Heavy work gives way to the event loops that answer everybody else. On Linux this is of this thread alone.
if (process.platform === 'linux') setPriority(0, 5);

if (parentPort) {
  parentPort.on('message', async (message) => {
    // Ends by itself, after its run: to end a thread inside of the runtime ends the whole process.
    if (message.close) {
      await session?.release();
      return parentPort.close();
    }
    const reply = await answer(message);
    parentPort.postMessage(reply, [...new Set(buffersOf(reply))]);
  });
} else {
  process.on('message', async (message) => process.send(await answer(message)));
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Signals to the whole group are for the service, which ends this process when it has drained.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  preferForKilling();
  endWithParent();
}

/** When the machine runs out of memory, this process goes before any service. */
function preferForKilling() {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not everywhere: a nicety of Linux.
  }
}

/** A run blocks this thread, also for the news that the service is gone; another one watches. */
function endWithParent() {
  const code = `const parent = process.ppid;
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
  new Worker(code, { eval: true }).unref();
}
