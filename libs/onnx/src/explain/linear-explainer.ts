import {
  linearBase,
  linearContributions,
  transformTable,
  type Column,
  type FittedColumn,
  type FittedPreprocessing,
  type LinearModel,
  type LinearScores,
  type LogisticModel,
  type Table,
} from '@millrace/ml';
import { missingTimestamp, type Tensor } from '../tensor/tensor.js';
import { cannotExplain, type Explainer } from './explainer.js';

export const explanationKey = 'millrace.explanation';
/** What is larger is left out of the file: 5,000 features of 10 classes fit. */
const largestText = 1024 * 1024;
/** Rows that are explained between two pauses. */
const chunk = 64;

interface LinearExplanation {
  kind: 'linear';
  fitted: FittedPreprocessing;
  coefficients: number[];
  intercepts: number[];
  means: number[];
}

/** What an explanation needs and the graph no longer shows: metadata of the file. */
export const explanationMetadata = (
  fitted: FittedPreprocessing,
  estimator: LogisticModel | LinearModel,
  means: Float64Array | undefined,
): Record<string, string> => {
  if (!means) return {};
  const intercepts = estimator.kind === 'linear' ? [estimator.intercept] : [...estimator.intercepts];
  const text = JSON.stringify({
    ...{ kind: 'linear', fitted, intercepts },
    coefficients: [...estimator.coefficients],
    means: [...means],
  } satisfies LinearExplanation);
  return text.length > largestText ? {} : { [explanationKey]: text };
};

/** @throws DomainError `unsupported` where the metadata is not what `explanationMetadata` writes for these inputs */
export const linearExplainer = (text: string, inputs: readonly string[]): Explainer => {
  const { fitted, scores } = readExplanation(text);
  const names = fitted.columns.map(({ name }) => name);
  if (names.length !== inputs.length || names.some((name) => !inputs.includes(name)))
    cannotExplain('its explanation is of other columns');
  const places = new Map(inputs.map((name, place) => [name, place]));
  const columnOf = new Int32Array(fitted.features.length);
  for (const { name, parts } of fitted.columns)
    for (const { offset, width } of parts) columnOf.fill(places.get(name)!, offset, offset + width);
  const base = linearBase(scores);
  const k = base.length;
  return {
    columns: [...inputs],
    scores: k,
    cost: fitted.features.length * k,
    explain: async (feeds, rows, pause) => {
      const out = new Float64Array(rows * k * (inputs.length + 1));
      for (let from = 0; from < rows; from += chunk) {
        const to = Math.min(rows, from + chunk);
        const X = transformTable(fitted, tableOf(fitted.columns, feeds, from, to));
        const values = linearContributions(scores, X, columnOf, inputs.length);
        for (let i = 0; i < (to - from) * k; i++) {
          const at = (from * k + i) * (inputs.length + 1);
          out.set(values.subarray(i * inputs.length, (i + 1) * inputs.length), at);
          out[at + inputs.length] = base[i % k]!;
        }
        await pause();
      }
      return out;
    },
  };
};

/** Files come from outside: whatever does not fit together is refused, not computed with. */
const readExplanation = (text: string): { fitted: FittedPreprocessing; scores: LinearScores } => {
  let value: Partial<LinearExplanation> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch (error) {
    return cannotExplain('its explanation is not JSON', error);
  }
  const { fitted, coefficients, intercepts, means } = value ?? {};
  const features = fitted?.features?.length ?? 0;
  const numbers = (list: unknown, length: number): Float64Array =>
    Array.isArray(list) && list.length === length && list.every((x) => Number.isFinite(x))
      ? Float64Array.from(list as number[])
      : cannotExplain('its explanation does not fit together');
  if (!fitted || features === 0 || !Array.isArray(intercepts) || !coversFeatures(fitted))
    return cannotExplain('its explanation does not fit together');
  return {
    fitted,
    scores: {
      intercepts: numbers(intercepts, intercepts.length),
      coefficients: numbers(coefficients, features * intercepts.length),
      means: numbers(means, features),
    },
  };
};

const kinds = ['number', 'string', 'timestamp', 'boolean'];

const coversFeatures = ({ columns, features }: FittedPreprocessing): boolean => {
  if (!Array.isArray(columns) || !Array.isArray(features)) return false;
  let next = 0;
  for (const column of columns) {
    if (typeof column?.name !== 'string' || !kinds.includes(column.kind) || !Array.isArray(column.parts))
      return false;
    for (const part of column.parts) {
      const width = part?.encode === 'oneHot' ? part.categories?.length : part?.encode === 'number' ? 1 : NaN;
      if (part?.offset !== next || part.width !== width) return false;
      next += part.width;
    }
  }
  return next === features.length;
};

const tableOf = (
  columns: readonly FittedColumn[],
  feeds: Record<string, Tensor>,
  from: number,
  to: number,
): Table => ({
  rows: to - from,
  columns: Object.fromEntries(
    columns.map(({ name, kind }) => [name, columnOf(kind, feeds[name]!, from, to)]),
  ),
});

const columnOf = (kind: FittedColumn['kind'], tensor: Tensor, from: number, to: number): Column => {
  if (tensor.type === 'BYTES' && kind === 'string') return { kind, values: tensor.data.slice(from, to) };
  if (tensor.type === 'INT64' && kind === 'timestamp') {
    const values = Float64Array.from(tensor.data.subarray(from, to), (ms) =>
      ms === missingTimestamp ? NaN : Number(ms),
    );
    return { kind, values };
  }
  if (tensor.type === 'FP32' && (kind === 'number' || kind === 'boolean'))
    return { kind, values: Float64Array.from(tensor.data.subarray(from, to)) };
  return cannotExplain(`its explanation takes a ${kind} where the model takes ${tensor.type}`);
};
