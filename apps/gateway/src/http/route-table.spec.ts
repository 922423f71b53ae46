import { RouteTable } from './route-table.js';

describe('the route table', () => {
  const table = new RouteTable();
  table.add(['GET', 'HEAD'], '/v1/runs/:run');
  table.add('POST', '/v1/runs/:run/cancel');
  table.add('PUT', '/v1/runs/:run');
  table.add('GET', '/openapi.json');

  it.each([
    ['/v1/runs/7', ['GET', 'HEAD', 'PUT']],
    ['/v1/runs/7/cancel', ['POST']],
    ['/v1/runs', []],
    ['/v1/runs/7/8/9', []],
    ['/openapi.json', ['GET']],
    ['/openapiXjson', []],
  ])('knows the methods of %s', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });
});
