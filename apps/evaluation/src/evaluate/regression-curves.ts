import type { JsonValue } from '@millrace/contracts';
import { thinned } from '@millrace/ml';

const mostPoints = 200;

/** Truth, prediction and residual of up to 200 rows spread over the predictions, ascending. */
export const regressionCurves = (
  truth: Float64Array,
  predicted: Float64Array,
): { [name: string]: JsonValue } => {
  const order = Uint32Array.from(predicted, (_, row) => row).sort((a, b) => predicted[a]! - predicted[b]!);
  const rows = thinned(order.length, mostPoints).map((i) => order[i]!);
  return {
    residuals: {
      predicted: rows.map((row) => predicted[row]!),
      truth: rows.map((row) => truth[row]!),
      residual: rows.map((row) => truth[row]! - predicted[row]!),
    },
  };
};
