/** Injection token of the service's `ArtifactStore`; `ArtifactsModule` of @millrace/service provides it. */
export const ARTIFACT_STORE = Symbol.for('millrace.ARTIFACT_STORE');
