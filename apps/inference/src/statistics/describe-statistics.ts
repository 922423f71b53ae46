import type { ModelStatisticsView, StatisticDuration } from '@millrace/contracts';
import type { Duration, ModelStatistics } from './model-statistics.js';

const toDuration = ({ count, ms }: Duration): StatisticDuration => ({ count, ns: Math.round(ms * 1e6) });

/** As the statistics extension says it. */
export const describeStatistics = (
  name: string,
  version: string,
  statistics: ModelStatistics,
): ModelStatisticsView => ({
  name,
  version,
  last_inference: Math.round(statistics.lastInference),
  inference_count: statistics.rows,
  execution_count: statistics.executions,
  inference_stats: {
    success: toDuration(statistics.success),
    fail: toDuration(statistics.fail),
    queue: toDuration(statistics.queue),
    compute_input: toDuration(statistics.input),
    compute_infer: toDuration(statistics.infer),
    compute_output: toDuration(statistics.output),
  },
  batch_stats: [...statistics.batches]
    .sort(([a], [b]) => a - b)
    .map(([rows, batch]) => ({
      batch_size: rows,
      compute_input: toDuration(batch.input),
      compute_infer: toDuration(batch.infer),
      compute_output: toDuration(batch.output),
    })),
});
