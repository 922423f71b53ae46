import type { Road } from '../suite/case.js';
import { datatypeCases } from './datatype-cases.js';
import { extensionCases } from './extension-cases.js';
import { healthCases } from './health-cases.js';
import { HttpServer } from './http-server.js';
import { inferenceCases } from './inference-cases.js';
import { refusalCases } from './refusal-cases.js';

/** Open Inference Protocol v2 over HTTP, with the extensions that Triton has. */
export const httpRoad: Road = {
  reach: async (url) => {
    await new HttpServer(url).get('/v2/health/live');
  },
  cases: (url) => {
    const server = new HttpServer(url);
    return [healthCases, inferenceCases, datatypeCases, refusalCases, extensionCases].flatMap((of) =>
      of(server),
    );
  },
};
