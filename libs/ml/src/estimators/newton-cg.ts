import { MlError } from '../ml-error.js';
import type { FitOptions, Iteration } from './estimator.js';
import type { Objective } from './logistic-loss.js';

export interface Minimum {
  parameters: Float64Array;
  iterations: number;
  converged: boolean;
  curve: Iteration[];
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const largest = (a: Float64Array): number => {
  let max = 0;
  for (const x of a) max = Math.max(max, Math.abs(x));
  return max;
};

const stopIfAborted = (options: FitOptions): void => {
  if (options.signal?.aborted) throw new MlError('aborted', 'the fit was cancelled');
};

/**
 * Solves H·s = −g by conjugate gradients preconditioned by H's diagonal, until the residual has shrunk to `accuracy`
 * of its start (Nocedal and Wright, Numerical Optimization, algorithm 7.1).
 */
const newtonStep = (
  objective: Objective,
  gradient: Float64Array,
  accuracy: number,
  options: FitOptions,
): Float64Array => {
  const n = objective.size;
  const step = new Float64Array(n);
  const residual = gradient.map((x) => -x);
  const inverse = new Float64Array(n);
  objective.diagonal(inverse);
  for (let i = 0; i < n; i++) inverse[i] = inverse[i]! > 1e-300 ? 1 / inverse[i]! : 0;
  const preconditioned = residual.map((x, i) => x * inverse[i]!);
  const direction = preconditioned.slice();
  const product = new Float64Array(n);
  let size = dot(residual, preconditioned);
  const goal = size * accuracy * accuracy;
  for (let iteration = 0; iteration < Math.max(20, 2 * n) && size > goal; iteration++) {
    stopIfAborted(options);
    objective.curvature(direction, product);
    const curvature = dot(direction, product);
    // Flat along this direction (an unpenalised, redundant parameter): nothing more to gain from it.
    if (!(curvature > 1e-300)) break;
    const length = size / curvature;
    for (let i = 0; i < n; i++) {
      step[i]! += length * direction[i]!;
      residual[i]! -= length * product[i]!;
      preconditioned[i] = residual[i]! * inverse[i]!;
    }
    const next = dot(residual, preconditioned);
    for (let i = 0; i < n; i++) direction[i] = preconditioned[i]! + (next / size) * direction[i]!;
    size = next;
  }
  return step;
};

/**
 * Minimises a convex function by Newton's method with conjugate gradients and a backtracking line search, from zero.
 * Only products with the Hessian are formed, so memory stays linear in rows and parameters.
 * @throws MlError `aborted`
 */
export const newtonCg = (objective: Objective, options: FitOptions): Minimum => {
  const { maxIterations = 200, tolerance = 1e-6, onIteration } = options;
  const parameters = new Float64Array(objective.size);
  const gradient = new Float64Array(objective.size);
  const curve: Iteration[] = [];
  let value = objective.value(parameters);
  objective.gradient(gradient);
  let accuracy = 0.1;
  let converged = largest(gradient) === 0;
  while (!converged && curve.length < maxIterations) {
    stopIfAborted(options);
    const step = newtonStep(objective, gradient, accuracy, options);
    const slope = dot(step, gradient);
    let length = 1;
    let candidate = parameters;
    let next = value;
    // Armijo's rule; the slack lets the last steps through, where the gain drowns in rounding.
    const slack = 1e-14 * Math.abs(value);
    do {
      candidate = parameters.map((x, i) => x + length * step[i]!);
      next = objective.value(candidate);
      if (next <= value + 1e-4 * length * slope + slack) break;
      length /= 2;
    } while (length > 1e-10);
    if (length <= 1e-10) break;
    parameters.set(candidate);
    value = next;
    objective.gradient(gradient);
    const moved = (length * largest(step)) / Math.max(1, largest(parameters));
    converged = moved <= tolerance;
    accuracy = Math.max(1e-6, Math.min(0.1, moved));
    curve.push({ iteration: curve.length + 1, loss: value, gradient: largest(gradient) });
    onIteration?.(curve.at(-1)!);
  }
  return { parameters, iterations: curve.length, converged, curve };
};
