import { createHash } from 'node:crypto';
import { canonicalJson } from '@millrace/artifacts';
import { contentOf } from '../content-of.js';
import type { PlannedStep } from '../../definition/plan.js';
import type { Bound } from './bind-step.js';

/** Equal for two steps that must give the same: same component and version, params (with defaults) and inputs. */
export const cacheKeyOf = ({ component, version }: PlannedStep, { params, inputs }: Bound): string => {
  const contents = Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [port, contentOf(value)]),
  );
  return createHash('sha256')
    .update(canonicalJson({ component, version, params, inputs: contents }))
    .digest('hex');
};
