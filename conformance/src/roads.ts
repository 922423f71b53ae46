import { httpRoad } from './http/http-road.js';
import type { Road } from './suite/case.js';

/** Every road that can be asked on, by the option of the command line that gives its address. */
export const roads: Readonly<Record<string, Road>> = { http: httpRoad };
