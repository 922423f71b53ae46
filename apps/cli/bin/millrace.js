#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error('millrace: not built yet. npm start does it, or: npx nx build cli');
  process.exitCode = 1;
}
