import { Type } from 'class-transformer';
import { IsArray, IsInt, IsNumber, IsString, Min, ValidateNested } from 'class-validator';

/** How often, and how long altogether in nanoseconds. */
export class StatisticDuration {
  @IsInt() @Min(0) count: number;
  @IsInt() @Min(0) ns: number;
}

export class InferenceStatistics {
  @ValidateNested() @Type(() => StatisticDuration) success: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) fail: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) queue: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) compute_input: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) compute_infer: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) compute_output: StatisticDuration;
}

/** Of the runs of one size, in rows; of up to 256 sizes. */
export class BatchSizeStatistics {
  @IsInt() @Min(1) batch_size: number;
  @ValidateNested() @Type(() => StatisticDuration) compute_input: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) compute_infer: StatisticDuration;
  @ValidateNested() @Type(() => StatisticDuration) compute_output: StatisticDuration;
}

/** Triton's statistics extension: what one version did since its replica started. */
export class ModelStatisticsView {
  @IsString() name: string;
  @IsString() version: string;
  /** Epoch milliseconds of the last request; 0 = none yet. */
  @IsNumber() last_inference: number;
  /** Rows of answered requests. */
  @IsInt() inference_count: number;
  /** Runs of the model. */
  @IsInt() execution_count: number;
  /** Durations of what a run does count once for each request in it. */
  @ValidateNested() @Type(() => InferenceStatistics) inference_stats: InferenceStatistics;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => BatchSizeStatistics)
  batch_stats: BatchSizeStatistics[];
}

export class ModelStatisticsList {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ModelStatisticsView)
  model_stats: ModelStatisticsView[];
}

const addDurations = (a: StatisticDuration, b: StatisticDuration): StatisticDuration => ({
  count: a.count + b.count,
  ns: a.ns + b.ns,
});

const addBatches = (
  a: readonly BatchSizeStatistics[],
  b: readonly BatchSizeStatistics[],
): BatchSizeStatistics[] => {
  const bySize = new Map(a.map((batch) => [batch.batch_size, batch]));
  for (const batch of b) {
    const known = bySize.get(batch.batch_size);
    bySize.set(
      batch.batch_size,
      known
        ? {
            batch_size: batch.batch_size,
            compute_input: addDurations(known.compute_input, batch.compute_input),
            compute_infer: addDurations(known.compute_infer, batch.compute_infer),
            compute_output: addDurations(known.compute_output, batch.compute_output),
          }
        : batch,
    );
  }
  return [...bySize.values()].sort((left, right) => left.batch_size - right.batch_size);
};

const addModels = (a: ModelStatisticsView, b: ModelStatisticsView): ModelStatisticsView => {
  const [left, right] = [a.inference_stats, b.inference_stats];
  return {
    name: a.name,
    version: a.version,
    last_inference: Math.max(a.last_inference, b.last_inference),
    inference_count: a.inference_count + b.inference_count,
    execution_count: a.execution_count + b.execution_count,
    inference_stats: {
      success: addDurations(left.success, right.success),
      fail: addDurations(left.fail, right.fail),
      queue: addDurations(left.queue, right.queue),
      compute_input: addDurations(left.compute_input, right.compute_input),
      compute_infer: addDurations(left.compute_infer, right.compute_infer),
      compute_output: addDurations(left.compute_output, right.compute_output),
    },
    batch_stats: addBatches(a.batch_stats, b.batch_stats),
  };
};

/** What all replicas did together, by name and version. */
export const sumStatistics = (replicas: readonly ModelStatisticsList[]): ModelStatisticsList => {
  const sums = new Map<string, ModelStatisticsView>();
  for (const { model_stats } of replicas)
    for (const stats of model_stats) {
      const key = `${stats.name}/${stats.version}`;
      const known = sums.get(key);
      sums.set(key, known ? addModels(known, stats) : stats);
    }
  return { model_stats: [...sums.values()] };
};
