// Operations on runs beyond starting and watching them. Each has a file of its own.
export * from './lineage.api.js';
export * from './search.api.js';
export * from './dead-letters.api.js';
export * from './replay.api.js';
export * from './history.api.js';
export * from './backfill.api.js';
