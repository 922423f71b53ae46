import { isArtifactRef, type JsonValue, type PortValue } from '@millrace/contracts';

const refOf = (value: unknown): JsonValue | undefined =>
  isArtifactRef(value) ? { type: value.type, digest: value.digest } : undefined;

/** What counts of a value at a port. Artifacts count by content: where a digest is equal, so is all else that matters. */
export const contentOf = (value: PortValue): JsonValue => {
  const ref = refOf(value);
  if (ref !== undefined) return ref;
  const refs = Array.isArray(value) && value.length > 0 ? value.map(refOf) : [];
  return refs.length > 0 && refs.every((one) => one !== undefined)
    ? { list: refs }
    : { value: value as JsonValue };
};
