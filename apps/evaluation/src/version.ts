import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../package.json') as { version: string };

/** This service's, as its package says. */
export const { version } = manifest;
