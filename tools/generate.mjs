// `npm run generate [-- --check]`: writes the files that are made from code; with --check only says which differ.
import { requireNode } from './setup/node-version.mjs';

requireNode();
import('./generate/main.mjs');
