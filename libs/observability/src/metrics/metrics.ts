import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { addProcessMetrics } from './process-metrics.js';

/** Seconds: from a fast request to a slow query. */
export const defaultBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * The Prometheus metrics of one service: a registry of its own, so that several services share one process. Asking for
 * a name again yields the same metric, so that whoever needs it may declare it.
 */
export class Metrics {
  readonly registry = new Registry();

  /** @param labels set on every series, e.g. `{ service: 'registry' }`. */
  constructor(labels: Record<string, string> = {}) {
    this.registry.setDefaultLabels(labels);
    addProcessMetrics(this.registry);
  }

  /**
   * Names end in `_total`.
   * @param collect called at each scrape, for counts that are kept elsewhere
   */
  counter<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: (counter: Counter<L>) => void,
  ): Counter<L> {
    const known = this.registry.getSingleMetric<L>(name);
    if (known) return known as Counter<L>;
    const counter: Counter<L> = new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(collect ? { collect: () => collect(counter) } : {}),
    });
    return counter;
  }

  /** @param collect called at each scrape, to `set` a value that is known elsewhere. */
  gauge<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L> {
    const known = this.registry.getSingleMetric<L>(name);
    if (known) return known as Gauge<L>;
    const gauge: Gauge<L> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      ...(collect ? { collect: () => collect(gauge) } : {}),
    });
    return gauge;
  }

  /** Names end in their unit, `_seconds` or `_bytes`. */
  histogram<L extends string = never>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    buckets: readonly number[] = defaultBuckets,
  ): Histogram<L> {
    const known = this.registry.getSingleMetric<L>(name);
    return (
      (known as Histogram<L> | undefined) ??
      new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] })
    );
  }

  /** Prometheus text format 0.0.4. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
