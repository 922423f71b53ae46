import { Metrics } from '@millrace/observability';
import { Injectable } from '@nestjs/common';
import type { ModelStatistics } from './model-statistics.js';
import { StatisticsRegistry } from './statistics-registry.js';

const microseconds = (ms: number): number => Math.round(ms * 1_000);

/** Triton's names, so that dashboards made for it read us. */
const counters: readonly [name: string, help: string, read: (statistics: ModelStatistics) => number][] = [
  ['nv_inference_request_success', 'Requests that were answered.', ({ success }) => success.count],
  ['nv_inference_request_failure', 'Requests that were refused or failed.', ({ fail }) => fail.count],
  ['nv_inference_count', 'Rows of answered requests.', ({ rows }) => rows],
  ['nv_inference_exec_count', 'Runs of the model.', ({ executions }) => executions],
  ['nv_inference_request_duration_us', 'Of answered requests.', ({ success }) => microseconds(success.ms)],
  ['nv_inference_queue_duration_us', 'Waiting for the model.', ({ queue }) => microseconds(queue.ms)],
  ['nv_inference_compute_input_duration_us', 'Putting rows together.', ({ input }) => microseconds(input.ms)],
  ['nv_inference_compute_infer_duration_us', 'Computing.', ({ infer }) => microseconds(infer.ms)],
  [
    'nv_inference_compute_output_duration_us',
    'Taking answers apart.',
    ({ output }) => microseconds(output.ms),
  ],
];

/** Read when they are scraped: nothing is kept twice. */
@Injectable()
export class TritonMetrics {
  constructor(metrics: Metrics, statistics: StatisticsRegistry) {
    for (const [name, help, read] of counters)
      metrics.counter(name, help, ['model', 'version'], (counter) => {
        counter.reset();
        for (const [model, version, of] of statistics.entries()) counter.inc({ model, version }, read(of));
      });
  }
}
