import { batch } from './inference/parts/batch.js';
import { inferenceGraphs as graphs } from './inference/parts/graphs.js';
import { http } from './inference/parts/http.js';
import { nats } from './inference/parts/nats.js';
import { overload } from './inference/parts/overload.js';
import { replicas } from './inference/parts/replicas.js';
import { rolling } from './inference/parts/rolling.js';
import { scoring } from './inference/parts/scoring.js';
import { slow } from './inference/parts/slow-beside-fast.js';

/** What serving predictions costs. Each part stands alone: `npm run bench -- inference --only nats,http`. */
export const parts = { nats, http, batch, replicas, overload, rolling, slow, graphs, scoring };
