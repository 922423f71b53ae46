import { RequestMethod } from '@nestjs/common';
import { defineOperation, operations } from '@millrace/contracts';
import { boundOperations, restController } from './rest.controller.js';

class Anything {}
const bound = { service: 'painter', summary: 'Paint', request: Anything, response: Anything };

const routesOf = (controller: ReturnType<typeof restController>) => {
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor')
    .map((name) => {
      const handler = prototype[name] as object;
      const method = RequestMethod[Reflect.getMetadata('method', handler) as number];
      return [
        name,
        method,
        Reflect.getMetadata('path', handler),
        Reflect.getMetadata('__httpCode__', handler),
      ];
    });
};

describe('routes', () => {
  it('are what operations bind, and no operation without a binding has one', () => {
    const controller = restController([
      defineOperation({
        ...bound,
        name: 'wall.paint',
        http: { method: 'POST', path: '/v1/walls/:wall', status: 202 },
      }),
      defineOperation({ ...bound, name: 'wall.get', http: { method: 'GET', path: '/v1/walls/:wall' } }),
      defineOperation({ ...bound, name: 'brush.clean' }),
    ]);
    expect(routesOf(controller)).toEqual([
      ['painter.wall.paint', 'POST', '/v1/walls/:wall', 202],
      ['painter.wall.get', 'GET', '/v1/walls/:wall', 200],
    ]);
  });

  it('are one for every operation that is bound in the contracts', () => {
    const routes = routesOf(restController(operations));
    expect(routes).toHaveLength(boundOperations(operations).length);
    expect(new Set(routes.map(([, method, path]) => `${String(method)} ${String(path)}`)).size).toBe(
      routes.length,
    );
  });
});
