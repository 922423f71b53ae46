/** class-transformer ships types for its public entry only; class-validator-jsonschema wants what is behind it. */
declare module 'class-transformer/cjs/storage.js' {
  export const defaultMetadataStorage: object;
}
