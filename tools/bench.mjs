// `npm run bench -- <name> [--strict]`: runs bench/<name>.(mjs|ts), prints a table, writes bench/results/<name>.json.
import { requireNode } from './setup/node-version.mjs';

requireNode();
import('./bench/main.mjs');
