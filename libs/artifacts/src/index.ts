export type * from './artifact-store.js';
export * from './artifact-store-token.js';
export * from './canonical-json.js';
export * from './dataset-manifest.js';
export * from './model-manifest.js';
export * from './open-artifact-store.js';
