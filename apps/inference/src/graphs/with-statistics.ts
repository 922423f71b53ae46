import type { QueuedRun } from '../execution/queued-run.js';
import type { Feeds } from '../protocol/tensor.js';
import type { ModelStatistics } from '../statistics/model-statistics.js';
import type { GraphLeaf } from './loaded-graph.js';

type Asked = Pick<GraphLeaf, 'refusal' | 'outage' | 'run'>;

/** Counts what a node does, as it is counted for an endpoint. */
export const withStatistics = (asked: Asked, batchable: boolean, statistics: ModelStatistics): GraphLeaf => ({
  batchable,
  get refusal() {
    return asked.refusal;
  },
  get outage() {
    return asked.outage;
  },
  async run(request: QueuedRun): Promise<Feeds> {
    const startedAt = performance.now();
    try {
      const outputs = await asked.run({ ...request, observer: statistics });
      statistics.succeeded(request.rows, startedAt, performance.now());
      return outputs;
    } catch (error) {
      statistics.failed(startedAt, performance.now());
      throw error;
    }
  },
});
