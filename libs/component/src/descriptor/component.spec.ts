import type { ComponentDescriptor } from '@millrace/contracts';
import { Component, descriptorOf, type ComponentResult, type PipelineComponent } from './component.js';

const good: ComponentDescriptor = {
  name: 'test.nothing',
  version: '1.0.0',
  description: 'Does nothing.',
  inputs: { data: { type: 'dataset' } },
  outputs: { n: { type: 'value', schema: { type: 'number' } } },
  params: { properties: { a: { type: 'number' } } },
  deterministic: true,
  timeoutMs: 1_000,
};

class Nothing implements PipelineComponent {
  run(): Promise<ComponentResult> {
    return Promise.resolve({ outputs: {} });
  }
}

describe('@Component', () => {
  it('keeps the descriptor', () => {
    class Fine extends Nothing {}
    Component(good)(Fine);
    expect(descriptorOf(Fine)).toBe(good);
  });

  it('is missed where it is missing', () => {
    expect(() => descriptorOf(Nothing)).toThrow('Nothing is not decorated with @Component');
  });

  it.each<[what: string, change: Partial<ComponentDescriptor>, message: RegExp]>([
    ['a name without a service', { name: 'nothing' }, /name is not <service>\.<verb>/],
    ['a name with a wildcard', { name: 'test.*' }, /name is not/],
    ['a version', { version: '1' }, /'1' is not SemVer/],
    ['a timeout', { timeoutMs: 0 }, /timeoutMs must be positive/],
    ['a port name', { inputs: { 'a b': { type: 'dataset' } } }, /inputs\.a b is not a port name/],
    [
      'a port type',
      { outputs: { x: { type: 'table' as never } } },
      /outputs\.x has the unknown type 'table'/,
    ],
    [
      'a value that is many',
      { inputs: { x: { type: 'value', many: true } } },
      /inputs\.x is 'many' and a value/,
    ],
    ['a schema', { params: { type: 'no such type' } }, /params is not a JSON Schema/],
    [
      'a port schema',
      { outputs: { x: { type: 'value', schema: { minimum: 'a' } } } },
      /outputs\.x\.schema is not a JSON Schema/,
    ],
  ])('refuses a wrong descriptor at once: %s', (_, change, message) => {
    expect(() => Component({ ...good, ...change })(class extends Nothing {})).toThrow(message);
  });
});
