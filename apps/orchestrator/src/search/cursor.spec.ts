import { idCursor, integerCursor, stepCursor } from './cursor.js';
import { newRunId } from '../runs/run-id.js';

describe('a cursor', () => {
  const run = newRunId();

  it('is what a page before gave', () => {
    expect(idCursor(run)).toBe(run);
    expect(stepCursor(`${run}/12`)).toEqual([run, 12]);
    expect(integerCursor('7')).toBe(7);
  });

  it.each([
    [idCursor, ''],
    [idCursor, '01'],
    [idCursor, run.toUpperCase()],
    [idCursor, `${run}/1`],
    [stepCursor, run],
    [stepCursor, `${run}/`],
    [stepCursor, `${run}/x`],
    [stepCursor, `${run}/1/2`],
    [stepCursor, 'foo/1'],
    [integerCursor, ''],
    [integerCursor, '-1'],
    [integerCursor, '1e3'],
    [integerCursor, '9'.repeat(30)],
  ])('is not %o of %j', (read: (after: string) => unknown, after) => {
    expect(() => read(after)).toThrow("after: must be the 'next' of the page before");
  });
});
