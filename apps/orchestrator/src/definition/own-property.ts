/** A record's own entry: names come from outside, and `constructor` is one of them. */
export const ownProperty = <T>(
  record: { readonly [key: string]: T } | undefined,
  key: string,
): T | undefined => (record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined);
