// A thread that wakes its parent at a steady rate. Timers of the event loop are a millisecond coarse, and a loop that
// spins takes the core that the measured processes need.
import { parentPort, workerData } from 'node:worker_threads';

const { startAt, everyMs } = workerData;
const never = new Int32Array(new SharedArrayBuffer(4));
const now = () => performance.timeOrigin + performance.now();
for (let tick = 0; ; tick++) {
  const wait = startAt + tick * everyMs - now();
  if (wait > 0) Atomics.wait(never, 0, 0, wait);
  parentPort.postMessage(tick);
}
