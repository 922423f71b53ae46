// The chain of 40 steps on DBOS: node dbos-chain.mjs <folder where it is installed> <URL of PostgreSQL>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [folder, url] = process.argv.slice(2);
const require = createRequire(join(folder, 'package.json'));
const { DBOS } = require('@dbos-inc/dbos-sdk');
const manifest = join(folder, 'node_modules/@dbos-inc/dbos-sdk/package.json');

const chain = DBOS.registerWorkflow(
  async () => {
    let value = 0;
    for (let i = 0; i < 40; i++) value = await DBOS.runStep(async () => value + 1, { name: `s${i}` });
    return value;
  },
  { name: 'chain' },
);

DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, logLevel: 'error', runAdminServer: false });
await DBOS.launch();
const ms = [];
for (let i = 0; i < 11; i++) {
  const began = performance.now();
  if ((await chain()) !== 40) throw new Error('not 40');
  // The first is to warm up.
  if (i > 0) ms.push(performance.now() - began);
}
await DBOS.shutdown();
console.log(JSON.stringify({ version: JSON.parse(readFileSync(manifest, 'utf8')).version, ms }));
process.exit(0);
