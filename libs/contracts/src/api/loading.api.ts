import { defineOperation } from '../wire/operation.js';
import { EndpointName, EndpointView } from './deployment.api.js';

const service = 'deployment';
export const endpointUnload = defineOperation({
  service,
  name: 'endpoint.unload',
  summary: 'Take an endpoint out of the memory of every replica until it is loaded or deployed again',
  request: EndpointName,
  response: EndpointView,
  http: { method: 'POST', path: '/v1/deployments/:endpoint/unload' },
});
export const endpointLoad = defineOperation({
  service,
  name: 'endpoint.load',
  summary: 'Serve an endpoint again that was unloaded, or that could not be loaded',
  request: EndpointName,
  response: EndpointView,
  http: { method: 'POST', path: '/v1/deployments/:endpoint/load' },
});
