import 'reflect-metadata';
import { getMetadataStorage } from 'class-validator';
import { operations } from './index.js';

const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1]);

const fieldsOf = (dto: abstract new () => object) =>
  new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(dto, '', true, false)
      .map((metadata) => metadata.propertyName),
  );

describe('the operation table', () => {
  it('names every operation once', () => {
    const names = operations.map((o) => `${o.service}.${o.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('uses `<noun>.<verb>` names, which are valid subjects', () => {
    for (const o of operations) expect(`${o.service}.${o.name}`).toMatch(/^[a-z]+(\.[a-z]+){2}$/);
  });

  it('binds every route once', () => {
    const routes = operations.flatMap((o) =>
      o.http ? [`${o.http.method} ${o.http.path.replaceAll(/:\w+/g, ':')}`] : [],
    );
    expect(new Set(routes).size).toBe(routes.length);
  });

  it.each(operations.filter((o) => o.http).map((o) => [`${o.http?.method} ${o.http?.path}`, o] as const))(
    'fills fields that the request has: %s',
    (_, o) => {
      const fields = fieldsOf(o.request);
      for (const parameter of parametersOf(String(o.http?.path))) expect(fields).toContain(parameter);
    },
  );
});
