import fc from 'fast-check';
import type { DomainError } from '@millrace/contracts';
import type { Feeds } from '../protocol/tensor.js';
import { ModelQueue } from './model-queue.js';
import type { Execution } from './queued-run.js';
import type { Runner } from './runner.js';

const feeds = (...values: number[]): Feeds => ({
  x: { type: 'FP32', dims: [values.length, 1], data: new Float32Array(values) },
  name: { type: 'BYTES', dims: [values.length, 1], data: values.map(String) },
});
const request = (...values: number[]) => ({ feeds: feeds(...values), rows: values.length });

/** Doubles numbers, repeats names; waits until it is released. */
class TestRunner implements Runner {
  constructor(readonly maxRows = Infinity) {}

  readonly batches: number[][] = [];
  closed = false;
  private release: () => void = () => {};
  private gate: Promise<void> = Promise.resolve();

  hold(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }
  go(): void {
    this.release();
  }
  async run({ x, name }: Feeds): Promise<Feeds> {
    const values = [...(x!.data as Float32Array)];
    this.batches.push(values);
    await this.gate;
    if (values.includes(-1)) throw new Error('minus one');
    return {
      y: { type: 'FP32', dims: x!.dims, data: (x!.data as Float32Array).map((v) => v * 2) },
      again: { type: 'BYTES', dims: name!.dims, data: [...(name!.data as string[])] },
    };
  }
  async close(): Promise<void> {
    this.closed = true;
  }
}

const setUp = (options: Partial<ConstructorParameters<typeof ModelQueue>[1]> = {}) => {
  const runner = new TestRunner();
  const queue = new ModelQueue([runner], { maxQueued: 10, maxBatchRows: 4, batchable: true, ...options });
  return { runner, queue };
};
const doubled = (outputs: Feeds) => [...(outputs['y']!.data as Float32Array)];
const codeOf = (run: Promise<unknown>) =>
  run.then(
    () => 'none',
    (error: DomainError) => error.code,
  );

describe('ModelQueue', () => {
  it('runs one request at once, and what arrives meanwhile as batches', async () => {
    const { runner, queue } = setUp();
    runner.hold();
    const all = [request(1), request(2, 3), request(4, 5), request(6)].map((r) => queue.run(r).then(doubled));
    runner.go();
    expect(await Promise.all(all)).toEqual([[2], [4, 6], [8, 10], [12]]);
    expect(runner.batches).toEqual([[1], [2, 3, 4, 5], [6]]);
  });

  it('gives every caller its own rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(1000), { minLength: 1, maxLength: 6 }), { maxLength: 20 }),
        async (all) => {
          const { queue } = setUp({ maxQueued: 100 });
          const answers = await Promise.all(all.map((values) => queue.run(request(...values))));
          expect(answers.map(doubled)).toEqual(all.map((values) => values.map((v) => v * 2)));
          expect(answers.map((outputs) => outputs['again'])).toEqual(
            all.map((values) => feeds(...values)['name']),
          );
        },
      ),
    );
  });

  it('refuses at once what is over its bound', async () => {
    const { runner, queue } = setUp({ maxQueued: 2 });
    runner.hold();
    const accepted = [queue.run(request(1)), queue.run(request(2)), queue.run(request(3))];
    expect(await codeOf(queue.run(request(4)))).toBe('overloaded');
    runner.go();
    expect((await Promise.all(accepted)).map(doubled)).toEqual([[2], [4], [6]]);
  });

  it('keeps one bad request from failing its neighbours', async () => {
    const { runner, queue } = setUp();
    runner.hold();
    const all = [request(0), request(1), request(-1), request(2)].map((r) => queue.run(r));
    runner.go();
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('refuses what waited past its deadline', async () => {
    const { runner, queue } = setUp();
    runner.hold();
    const first = queue.run(request(1));
    const late = queue.run({ ...request(2), expiresAt: performance.now() - 1 });
    const other = queue.run({ ...request(3), expiresAt: performance.now() + 60_000 });
    runner.go();
    expect(await codeOf(late)).toBe('deadline_exceeded');
    expect(doubled(await first)).toEqual([2]);
    expect(doubled(await other)).toEqual([6]);
  });

  it('does not stack other shapes, nor rows of a model that is not batchable', async () => {
    const wide = {
      feeds: { ...feeds(5), x: { type: 'FP32' as const, dims: [1, 2], data: new Float32Array([5, 6]) } },
      rows: 1,
    };
    const { runner, queue } = setUp();
    await Promise.all([request(1), request(2), wide].map((r) => queue.run(r)));
    expect(runner.batches).toEqual([[1], [2], [5, 6]]);
    const fixed = setUp({ batchable: false });
    await Promise.all([request(1), request(2), request(3)].map((r) => fixed.queue.run(r)));
    expect(fixed.runner.batches).toEqual([[1], [2], [3]]);
  });

  it('finishes what it took before it closes', async () => {
    const { runner, queue } = setUp();
    runner.hold();
    const accepted = [queue.run(request(1)), queue.run(request(2))];
    const closing = queue.close();
    expect(await codeOf(queue.run(request(3)))).toBe('unavailable');
    expect(runner.closed).toBe(false);
    runner.go();
    await closing;
    expect((await Promise.all(accepted)).map(doubled)).toEqual([[2], [4]]);
    expect(runner.closed).toBe(true);
  });

  it('tells each observer what its own requests took', async () => {
    const { runner, queue } = setUp();
    const observer = () => {
      const seen = { queued: 0, executed: [] as { rows: number; requests: number }[] };
      return {
        seen,
        queued: (ms: number) => void (seen.queued += ms >= 0 ? 1 : 0),
        executed: ({ rows, requests, ...ms }: Execution) => {
          expect(Object.values(ms).every((value) => value >= 0)).toBe(true);
          seen.executed.push({ rows, requests });
        },
      };
    };
    const [a, b] = [observer(), observer()];
    runner.hold();
    const all = [
      queue.run({ ...request(1), observer: a }),
      queue.run({ ...request(2, 3), observer: a }),
      queue.run({ ...request(4), observer: b }),
      queue.run({ ...request(5), observer: a }),
      codeOf(queue.run({ ...request(-1), observer: b })),
    ];
    runner.go();
    await Promise.all(all);
    expect(a.seen).toEqual({
      queued: 3,
      executed: [
        { rows: 1, requests: 1 },
        { rows: 4, requests: 2 },
      ],
    });
    expect(b.seen).toEqual({ queued: 2, executed: [{ rows: 4, requests: 1 }] });
  });

  it('runs what is more urgent first, and in order of arrival among equals', async () => {
    const { runner, queue } = setUp({ maxBatchRows: 1 });
    runner.hold();
    const priorities = [0, 0, 12, 1, 0, 9, 1, 11, 10];
    const all = priorities.map((priority, i) => queue.run({ ...request(i), priority }));
    runner.go();
    await Promise.all(all);
    expect(runner.batches.map(([i]) => i)).toEqual([0, 3, 6, 5, 1, 4, 8, 7, 2]);
  });

  it('keeps several runners busy, each with its own batches', async () => {
    const runners = [new TestRunner(), new TestRunner()];
    const queue = new ModelQueue(runners, { maxQueued: 10, maxBatchRows: 4, batchable: true });
    runners.forEach((runner) => runner.hold());
    const all = [1, 2, 3, 4, 5, 6].map((value) => queue.run(request(value)).then(doubled));
    expect(runners.map(({ batches }) => batches)).toEqual([[[2]], [[1]]]);
    runners[0]!.go();
    expect(await Promise.all(all.slice(1))).toEqual([[4], [6], [8], [10], [12]]);
    const closing = queue.close();
    expect(runners.map(({ closed }) => closed)).toEqual([false, false]);
    runners[1]!.go();
    await closing;
    expect(await all[0]).toEqual([2]);
    expect(runners.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('gives a runner no more rows than it may have', async () => {
    const runner = new TestRunner(2);
    const queue = new ModelQueue([runner], { maxQueued: 10, maxBatchRows: 64, batchable: true });
    await Promise.all([1, 2, 3, 4, 5].map((value) => queue.run(request(value))));
    expect(runner.batches).toEqual([[1], [2, 3], [4, 5]]);
  });

  describe('with a delay', () => {
    const hour = 3_600_000;

    it('waits for company until a batch is worth it, and runs the largest preferred one', async () => {
      const options = { maxBatchDelayMs: hour, preferredBatchRows: [3, 5], maxBatchRows: 8, maxQueued: 20 };
      const { runner, queue } = setUp(options);
      const first = [1, 2, 3].map((value) => queue.run(request(value)));
      await Promise.all(first);
      runner.hold();
      const more = [4, 5, 6, 7, 8, 9, 10, 11, 12].map((value) => queue.run(request(value)));
      runner.go();
      await Promise.all(more.slice(0, 8));
      expect(runner.batches).toEqual([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9, 10, 11],
      ]);
      // The last waits until the queue is closed: then there is nothing to wait for.
      await queue.close();
      await more[8];
      expect(runner.batches.at(-1)).toEqual([12]);
    });

    it('runs what is there when it is over', async () => {
      const { runner, queue } = setUp({ maxBatchDelayMs: 5 });
      await Promise.all([queue.run(request(1)), queue.run(request(2))]);
      expect(runner.batches).toEqual([[1, 2]]);
      await queue.run(request(3));
      expect(runner.batches).toEqual([[1, 2], [3]]);
    });
  });

  it('says before a request is read that it would be refused', async () => {
    const { runner, queue } = setUp({ maxQueued: 1 });
    runner.hold();
    expect(queue.refusal).toBeUndefined();
    const accepted = [queue.run(request(1)), queue.run(request(2))];
    expect(queue.refusal).toMatchObject({ code: 'overloaded' });
    runner.go();
    await Promise.all(accepted);
    expect(queue.refusal).toBeUndefined();
    await queue.close();
    expect(queue.refusal).toMatchObject({ code: 'unavailable' });
  });
});
