// `npm test [-- jest arguments]`. Old versions of Node have to be able to read this file, so that they can say that they are too old.
import { requireNode } from './setup/node-version.mjs';

requireNode();
import('./test/main.mjs');
