// Runs the bench that the first argument names and sends its rows to the parent, part by part. A bench exports
// `run(): Promise<rows>`, or `parts`: functions by name, each of which gives rows.
import { loadavg } from 'node:os';
import { pathToFileURL } from 'node:url';
import { watchOthers } from './processor.mjs';

// What a bench started ends with it, also when it is interrupted.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => process.exit(1));

const [, , file, only] = process.argv;
const bench = await import(pathToFileURL(file).href);
const whole =
  bench.run ??
  Object.entries(bench).find(([name, value]) => name.startsWith('bench') && typeof value === 'function')?.[1];
if (!whole && !bench.parts) throw new Error(`${file} exports neither function run nor parts`);
const parts = bench.parts ?? { '': whole };

const chosen = only ? only.split(',') : Object.keys(parts);
const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
const send = (message) => new Promise((resolve) => process.send(message, resolve));
if (unknown.length > 0) {
  await send({ mistake: `no part ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}` });
  process.exit(2);
}
let failed = false;
for (const part of chosen) {
  const began = performance.now();
  const before = loadavg()[0];
  const others = watchOthers();
  try {
    const rows = await parts[part]();
    const load = [before, loadavg()[0]].map((value) => Number(value.toFixed(1)));
    const share = others();
    const machine = { load, ...(share === undefined ? {} : { others: Number(share.toFixed(2)) }) };
    const seconds = Number(((performance.now() - began) / 1_000).toFixed(1));
    await send({ part, machine, seconds, rows: rows.map((row) => ({ ...(part ? { part } : {}), ...row })) });
  } catch (error) {
    failed = true;
    console.error(part, error);
  }
}
process.exit(failed ? 1 : 0);
