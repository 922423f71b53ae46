import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../package.json') as { version: string };

/** This command's, as its package says. */
export const { version } = manifest;
