import type { WindowView } from '@millrace/contracts';
import { ColumnSketch, QuantileSketch } from '@millrace/ml';
import { minuteMs } from './merge-window.js';
import type { Window } from './window.entity.js';

export const toView = (window: Window): WindowView => ({
  endpoint: window.endpoint,
  version: window.version,
  from: new Date(window.startsAt).toISOString(),
  to: new Date(window.startsAt + minuteMs).toISOString(),
  requests: window.requests,
  rows: window.rows,
  errors: window.errors,
  latency: latencyOf(QuantileSketch.fromJSON(window.latency)),
  features: Object.fromEntries(
    Object.entries(window.sketches).map(([name, sketch]) => [
      name,
      { ...ColumnSketch.fromJSON(sketch).summary() },
    ]),
  ),
});

/** In milliseconds; of what was sampled, so `count` may be below the number of requests. */
const latencyOf = (sketch: QuantileSketch): WindowView['latency'] =>
  sketch.count === 0
    ? { count: 0 }
    : {
        count: sketch.count,
        p50: sketch.quantile(0.5),
        p99: sketch.quantile(0.99),
        max: sketch.quantile(1),
      };
