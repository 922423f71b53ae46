import { MlError } from '../ml-error.js';
import type { ColumnKind } from '../table/table.js';
import {
  dateParts,
  defaultMaxCategories,
  largestMaxCategories,
  type ColumnStep,
  type DatePart,
  type ImputeStep,
  type OneHotStep,
} from './preprocessing-spec.js';

/** The steps of one column in their one possible order. */
export interface ReadSteps {
  /** `[null]` for columns that are no timestamps. */
  parts: (DatePart | null)[];
  impute: ImputeStep['impute'] | null;
  encode: 'identity' | 'scale' | Required<OneHotStep['oneHot']>;
}

const order = ['dateParts', 'impute', 'scale', 'oneHot'] as const;
type StepName = (typeof order)[number];

const isPositiveInteger = (x: unknown): x is number => Number.isInteger(x) && (x as number) > 0;

/** @throws MlError `invalid_spec` that names the column and the step. */
export const readSteps = (name: string, kind: ColumnKind, steps: readonly ColumnStep[]): ReadSteps => {
  const fail = (message: string, index?: number): never => {
    const where = index === undefined ? '' : `, step ${index}`;
    throw new MlError('invalid_spec', `column '${name}'${where}: ${message}`, { column: name });
  };
  if (!Array.isArray(steps)) fail('its steps are not a list');
  const read: ReadSteps = { parts: [null], impute: null, encode: 'identity' };
  let last = -1;
  steps.forEach((step: Partial<Record<StepName, unknown>>, index) => {
    const keys = typeof step === 'object' && step !== null ? Object.keys(step) : [];
    const position = order.indexOf(keys[0] as StepName);
    if (keys.length !== 1 || position < 0) return fail(`is not one of ${order.join(', ')}`, index);
    if (position <= last) return fail(`'${keys[0]}' cannot follow '${order[last]}'`, index);
    last = position;
    if (step.dateParts !== undefined) read.parts = readParts(step.dateParts, (m) => fail(m, index));
    else if (step.impute !== undefined) read.impute = readImpute(step.impute, (m) => fail(m, index));
    else if (step.oneHot !== undefined) {
      if (read.encode === 'scale') fail("'oneHot' cannot follow 'scale'", index);
      read.encode = readOneHot(step.oneHot, (m) => fail(m, index));
    } else if (step.scale === 'standard') read.encode = 'scale';
    else fail("'scale' knows only 'standard'", index);
  });
  checkKind(read, kind, fail);
  return read;
};

const checkKind = (read: ReadSteps, kind: ColumnKind, fail: (message: string) => never): void => {
  const hasParts = read.parts[0] !== null;
  if (kind === 'timestamp' && !hasParts) fail("a timestamp needs 'dateParts' first");
  if (kind !== 'timestamp' && hasParts) fail(`'dateParts' is for timestamps, not for a ${kind}`);
  const { impute } = read;
  if (kind === 'string') {
    if (typeof read.encode !== 'object') fail("a string column needs 'oneHot'");
    if (impute === 'mean' || impute === 'median') fail(`a string column has no ${impute}`);
  }
  if (impute !== null && typeof impute === 'object') {
    const wanted = kind === 'string' ? 'string' : 'number';
    if (typeof impute.constant !== wanted) fail(`the constant to impute is not a ${wanted}`);
  }
};

const readParts = (value: unknown, fail: (message: string) => never): DatePart[] => {
  if (!Array.isArray(value) || value.length === 0) return fail("'dateParts' is not a list of parts");
  for (const part of value) {
    if (!dateParts.includes(part)) fail(`'${String(part)}' is not one of ${dateParts.join(', ')}`);
  }
  if (new Set(value).size < value.length) fail("'dateParts' names a part twice");
  return value;
};

const readImpute = (value: unknown, fail: (message: string) => never): ImputeStep['impute'] => {
  if (value === 'mean' || value === 'median' || value === 'mostFrequent') return value;
  const constant = typeof value === 'object' && value !== null && 'constant' in value ? value.constant : null;
  if (typeof constant === 'number' && Number.isFinite(Math.fround(constant))) return { constant };
  if (typeof constant === 'string' && constant !== '') return { constant };
  return fail("'impute' is not mean, median, mostFrequent or {constant: value}");
};

const readOneHot = (value: unknown, fail: (message: string) => never): Required<OneHotStep['oneHot']> => {
  if (typeof value !== 'object' || value === null) return fail("'oneHot' is not an object");
  for (const key of Object.keys(value)) {
    if (key !== 'maxCategories' && key !== 'minCount') fail(`'oneHot' has no option '${key}'`);
  }
  const { maxCategories = defaultMaxCategories, minCount = 1 } = value as OneHotStep['oneHot'];
  if (!isPositiveInteger(maxCategories) || maxCategories > largestMaxCategories) {
    fail(`'maxCategories' is not an integer from 1 to ${largestMaxCategories}`);
  }
  if (!isPositiveInteger(minCount)) fail("'minCount' is not a positive integer");
  return { maxCategories, minCount };
};
