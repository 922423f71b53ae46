import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, isBuilt } from '../setup/build.mjs';
import { green, print, red, step } from '../setup/terminal.mjs';
import { formatted } from './formatted.mjs';
import { pipelineSchemaFile } from './pipeline-schema.mjs';
import { settingsFiles } from './settings.mjs';

const root = resolve(import.meta.dirname, '../..');
const check = process.argv.includes('--check');

const main = async () => {
  if (!isBuilt(root)) await step('building', () => build(root));
  const files = { ...(await settingsFiles(root)), ...(await pipelineSchemaFile()) };
  let different = 0;
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    const text = await formatted(path, content);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    different += 1;
    if (!check) writeFileSync(file, text);
    print(`${check ? red('differs') : green('written')} ${path}`);
  }
  if (check && different > 0)
    print(red(`${different} generated files differ from the code: npm run generate`));
  return check && different > 0 ? 1 : 0;
};

process.exitCode = await main();
