import type { DesiredEndpoint } from '../desired/desired-state.js';
import type { Attempt } from '../reconcile/plan.js';
import { describeRepository } from './describe-repository.js';

const wanted = (
  endpoint: string,
  revision: number,
  version: number,
  unloaded?: boolean,
): DesiredEndpoint => ({
  endpoint,
  revision,
  targets: [
    {
      model: 'm',
      version,
      weight: 100,
      artifact: { type: 'model', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
    },
  ],
  ...(unloaded ? { unloaded } : {}),
});
const failed = (revision: number): Attempt => ({
  revision,
  state: 'failed',
  error: { code: 'integrity', message: 'it is broken' },
  failures: 1,
});
const repository = (
  desired: DesiredEndpoint[],
  served: Record<string, number>,
  attempts: Record<string, Attempt>,
) =>
  describeRepository(
    new Map(desired.map((one) => [one.endpoint, one])),
    Object.entries(served).map(([name, version]) => ({ name, targets: [{ target: { version } }] })),
    new Map(Object.entries(attempts)),
  ).map(({ name, version, state, reason }) => `${name} ${version} ${state} ${reason}`.trim());

it('says of each version whether it is served, and why not', () => {
  expect(
    repository(
      [wanted('a', 1, 1), wanted('b', 2, 5), wanted('c', 3, 1), wanted('d', 1, 1), wanted('e', 2, 1, true)],
      { a: 1, b: 4 },
      { c: failed(3), d: failed(0) },
    ),
  ).toEqual([
    'a 1 READY',
    'b 4 READY',
    'b 5 LOADING it is being loaded',
    'c 1 UNAVAILABLE it is broken',
    'd 1 LOADING it is being loaded',
    'e 1 UNAVAILABLE unloaded',
  ]);
});
