import { randomBytes } from 'node:crypto';
import { openArtifactStore } from '../../index.js';

const store = openArtifactStore(process.argv[2]!);
for (;;) await store.put(randomBytes(16 * 1024 * 1024), { type: 'file' });
