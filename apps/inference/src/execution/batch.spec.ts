import fc from 'fast-check';
import type { OnnxModel } from '@millrace/onnx';
import type { Feeds, Tensor } from '../protocol/tensor.js';
import { slices, stack, unstack } from './batch.js';
import { InlineRunner } from './inline-runner.js';

/** Rows of three tensors of different types and widths, each element telling its row. */
const feedsOf = (first: number, rows: number): Feeds => {
  const at = (width: number): number[] =>
    Array.from({ length: rows * width }, (_, i) => (first + Math.floor(i / width)) * 10 + (i % width));
  return {
    wide: { type: 'FP32', dims: [rows, 2, 3], data: Float32Array.from(at(6)) },
    whole: { type: 'INT64', dims: [rows], data: BigInt64Array.from(at(1), BigInt) },
    text: { type: 'BYTES', dims: [rows, 2], data: at(2).map(String) },
  };
};
const plain = (feeds: Feeds): object =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => [name, { type, dims, data: [...data] }]),
  );
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 });

describe('rows', () => {
  it('of many callers as one, and taken apart again, are exactly the callers\u2019 own', () => {
    fc.assert(
      fc.property(sizes, (rowsOf) => {
        let first = 0;
        const all = rowsOf.map((rows) => feedsOf((first += rows) - rows, rows));
        const one = stack(all);
        expect(plain(one)).toEqual(plain(feedsOf(0, first)));
        expect(unstack(one, rowsOf)!.map(plain)).toEqual(all.map(plain));
      }),
    );
  });

  it('in parts are the same rows in the same order, and so are their answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        async (rows, size) => {
          const feeds = feedsOf(0, rows);
          const parts = [...slices(feeds, size)];
          expect(parts.map(({ whole }) => whole!.dims[0]).every((count) => count! <= size)).toBe(true);
          expect(plain(stack(parts))).toEqual(plain(feeds));
          const seen: number[] = [];
          const echo = {
            runChecked: async (part: Record<string, Tensor>) => {
              seen.push(part['whole']!.dims[0]!);
              return part;
            },
          };
          const answer = await new InlineRunner(echo as unknown as OnnxModel, size).run(feeds);
          expect(plain(answer)).toEqual(plain(feeds));
          expect(seen.reduce((sum, count) => sum + count)).toBe(rows);
          expect(Math.max(...seen)).toBeLessThanOrEqual(size);
        },
      ),
    );
  });

  it('that are not there for each that went in are nobody\u2019s', () => {
    const one = stack([feedsOf(0, 2), feedsOf(2, 1)]);
    expect(
      unstack({ ...one, sum: { type: 'FP32', dims: [1], data: Float32Array.of(1) } }, [2, 1]),
    ).toBeUndefined();
  });
});
