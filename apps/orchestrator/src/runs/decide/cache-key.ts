import { createHash } from 'node:crypto';
import { canonicalJson } from '@millrace/artifacts';
import { isArtifactRef, type PortValue } from '@millrace/contracts';
import type { PlannedStep } from '../../definition/plan.js';
import type { Bound } from './bind-step.js';

/** Artifacts count by content: where a digest is equal, so is everything else that matters. */
const contentOf = (value: PortValue) =>
  isArtifactRef(value) ? { type: value.type, digest: value.digest } : { value };

/** Equal for two steps that must give the same: same component and version, params (with defaults) and inputs. */
export const cacheKeyOf = ({ component, version }: PlannedStep, { params, inputs }: Bound): string => {
  const contents = Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [port, contentOf(value)]),
  );
  return createHash('sha256')
    .update(canonicalJson({ component, version, params, inputs: contents }))
    .digest('hex');
};
