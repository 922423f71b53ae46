import { headerNames, type Target } from '@millrace/contracts';
import { noParameters } from '../protocol/call-parameters.js';
import type { Feeds } from '../protocol/tensor.js';
import { Router, type Routed } from './router.js';

const served = (version: number, weight: number): Routed => ({
  target: { model: 'm', version } as Target,
  weight,
});
const headers = (key?: string) => ({
  get: (name: string) => (name === headerNames.routingKey ? key : undefined),
});
const call = (routingKey?: string, feeds: Feeds = {}) => ({
  parameters: { ...noParameters, routingKey },
  feeds,
});
const customer = (...data: string[]): Feeds => ({
  customer: { type: 'BYTES', dims: [data.length, 1], data },
});
const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
const one = served(1, 75);
const two = served(2, 25);

describe('Router', () => {
  it('has no choice to make where there is one target', () => {
    expect(new Router([one]).only).toBe(one);
    expect(new Router([two, one])).toMatchObject({ only: undefined, main: one });
  });

  it('goes by chance, before anything is read, unless it is sticky', () => {
    const router = new Router([one, two]);
    const chosen = new Set(keys.map(() => router.early(headers('same'))));
    expect(chosen).toEqual(new Set([one, two]));
  });

  it('goes by key, wherever that stands', () => {
    const router = new Router([one, two], { sticky: true, keyInput: 'customer' });
    const chosen = keys.map((key) => router.early(headers(key))!);
    expect(new Set(chosen)).toEqual(new Set([one, two]));
    expect(keys.map((key) => router.late(call(key)))).toEqual(chosen);
    expect(keys.map((key) => router.late(call(undefined, customer(key, 'other'))))).toEqual(chosen);
    expect(router.early(headers())).toBeUndefined();
  });

  it('goes by chance where there is no key, or no value for it', () => {
    const router = new Router([one, two], { sticky: true, keyInput: 'customer' });
    const of = (feeds: Feeds) => new Set(keys.map(() => router.late(call(undefined, feeds)))).size;
    expect([of({}), of(customer('')), of(customer()), of(customer('c'))]).toEqual([2, 2, 2, 1]);
    const amount: Feeds = { customer: { type: 'FP32', dims: [1, 1], data: Float32Array.of(NaN) } };
    expect(of(amount)).toBe(2);
  });

  it('tells of every assignment', () => {
    const told: string[] = [];
    const router = new Router([one, two], { sticky: true }, (key, { target }) =>
      told.push(`${key}:${target.version}`),
    );
    const { target } = router.early(headers('a'))!;
    router.late(call('a'));
    router.late(call());
    expect(told).toEqual([`a:${target.version}`, `a:${target.version}`]);
  });
});
