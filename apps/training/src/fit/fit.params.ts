import type { JsonSchema } from '@millrace/contracts';

export const estimators = ['logistic', 'linear'] as const;

export interface FitParams {
  estimator: (typeof estimators)[number];
  l2: number;
  maxIterations: number;
  tolerance: number;
  seed: number;
}

export const fitParams: JsonSchema = {
  type: 'object',
  required: ['estimator'],
  additionalProperties: false,
  properties: {
    estimator: { enum: [...estimators], description: 'logistic for classes, linear for numbers.' },
    l2: {
      type: 'number',
      minimum: 0,
      maximum: 1e12,
      default: 1,
      description:
        'Strength of the penalty on coefficients: scikit-learn’s 1/C of logistic and alpha of ridge regression.',
    },
    maxIterations: { type: 'integer', minimum: 1, maximum: 100_000, default: 200 },
    tolerance: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1e-6,
      description: 'Stops when no coefficient moves by more than this, relative to the largest.',
    },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      default: 1,
      description: 'Chooses the golden rows; the fit itself has nothing random.',
    },
  },
};
