import { performance } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/**
 * What every dashboard asks of a process, under the names that Prometheus clients share. Read when scraped: prom-client's
 * own default set keeps a 10 ms timer per registry, which is too much for a dozen idle services on two cores.
 */
export const addProcessMetrics = (registry: Registry): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  let last = performance.eventLoopUtilization();

  gauge('process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  gauge('process_cpu_seconds_total', 'User and system time.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge(
    'process_start_time_seconds',
    'When the process started, since the epoch.',
    () => performance.timeOrigin / 1000,
  );
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use.', () => process.memoryUsage().heapUsed);
  gauge(
    'nodejs_eventloop_utilization',
    'Share of the time since the last scrape that the event loop was busy (0…1).',
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
  );
};
