import fc from 'fast-check';
import { planOfNeeds } from '../../testing/plans.js';
import { makeMove } from '../../testing/make-move.js';
import type { Move } from '../../testing/move.js';
import { RoomModel } from '../../testing/room-model.js';
import { RunModel } from '../../testing/run-model.js';

/** Several runs that share room for two components, told random histories; the invariants are `RoomModel`'s. */
const components = ['test.any', 'test.other'];
const shapes = fc.array(
  fc.record({
    needs: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    component: fc.constantFrom(...components),
    priority: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
    retries: fc.boolean(),
    wide: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

const picks = { pick: fc.nat() };
const error = { code: 'internal' as const, message: 'no', retryable: true };
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ type: 'start' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('begin' as const), ...picks }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('succeed' as const), ...picks }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('fail' as const), error: fc.constant(error), ...picks }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('retry' as const), ...picks }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lapse' as const), ...picks }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('time-out' as const), ...picks }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('grant' as const), component: fc.constantFrom(...components) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), rarely: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.constant({ type: 'pause.asked' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'unpause.asked' as const }) },
);

describe('room: invariants over random histories of several runs', () => {
  it('never lets more out than the limits say, and holds nothing for ever', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(shapes, fc.nat({ max: 9 })), { minLength: 2, maxLength: 3 }),
        fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
        fc.constantFrom('out' as const, 'queued' as const),
        fc.array(fc.tuple(fc.nat({ max: 2 }), moves), { maxLength: 60, size: 'max' }),
        (pipelines, limits, counts, history) => {
          const room = new RoomModel(new Map(components.map((name, i) => [name, limits[i] ?? 1])), counts);
          const runs = pipelines.map(([steps, priority]) => {
            const needs = steps.map((step, i) =>
              [...step.needs.keys()].filter((on) => on < i && step.needs[on]),
            );
            const plan = planOfNeeds(needs, (step) => {
              const { component = '', priority: own, retries, wide } = steps[step] ?? {};
              return {
                component,
                ...(own === undefined ? {} : { priority: own }),
                ...(retries ? { retry: { attempts: 3 }, stepTimeoutMs: 30 } : {}),
                ...(wide ? { foreach: { items: [1, 2, 3], as: 'item', concurrency: 2 } } : {}),
              };
            });
            return new RunModel(plan, room, priority);
          });
          for (const [index, move] of history) {
            const run = runs[index];
            if (run) makeMove(run, move);
          }
          runs.forEach((run) => run.tell({ type: 'run.started' }));
          RunModel.finishFairly(runs);
        },
      ),
      { numRuns: 200 },
    );
  });
});
