// Runs the bench that the first argument names and sends its rows to the parent. A bench exports `run(): Promise<rows>`.
import { pathToFileURL } from 'node:url';

const bench = await import(pathToFileURL(process.argv[2]).href);
const run =
  bench.run ??
  Object.entries(bench).find(([name, value]) => name.startsWith('bench') && typeof value === 'function')?.[1];
if (!run) throw new Error(`${process.argv[2]} exports no function run`);
const rows = await run();
process.send({ rows }, () => process.exit(0));
