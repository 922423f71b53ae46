import type { ParamValues } from '@millrace/contracts';
import { resolve } from '../definition/expression.js';
import { CelError } from '@millrace/pipeline/cel';
import { compileCel } from '@millrace/pipeline/cel';

/** Is this what the trigger waits for? @throws CelError where that cannot be said */
export const matches = (when: string | null, event: unknown): boolean => {
  if (when === null) return true;
  const value = compileCel(when).evaluate({ event });
  if (typeof value !== 'boolean') throw new CelError(`when: gives no boolean, but ${JSON.stringify(value)}`);
  return value;
};

/** The parameters of the run. @throws CelError where an expression has no value */
export const paramsFor = (params: ParamValues, event: unknown): ParamValues =>
  resolve(params, (reference) =>
    'text' in reference ? compileCel(reference.text).evaluate({ event }) : null,
  ) as ParamValues;
