// ONNX Runtime alone: runs a model on the same rows for as long as it is told. node bare-runner.mjs <model.onnx> <rows> <features>
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const [, , file, rows, features] = process.argv;
const session = await InferenceSession.create(readFileSync(file), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});
const dims = [Number(rows), Number(features)];
const data = Float32Array.from({ length: dims[0] * dims[1] }, (_, i) => Math.sin(i));

process.on('message', async ({ ms }) => {
  const began = performance.now();
  let runs = 0;
  while (performance.now() < began + ms) {
    await session.run({ x: new Tensor('float32', data, dims) });
    runs++;
  }
  process.send({ runs, ms: performance.now() - began });
});
process.on('disconnect', () => process.exit(0));
process.send('ready');
