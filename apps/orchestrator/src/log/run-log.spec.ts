import { fitting } from '../search/fitting.js';
import { linesOf, maxLinesPerAttempt } from './lines-of.js';

describe("lines of a run's log", () => {
  it('are as many as fit into a reply, one at least', () => {
    expect(fitting(['aaa', 'bbb', 'ccc'], 12)).toEqual(['aaa', 'bbb']);
    expect(fitting(['aaa', 'bbb'], 1)).toEqual(['aaa']);
    expect(fitting(['ä'.repeat(10), 'b'], 20)).toEqual(['ä'.repeat(10)]);
    expect(fitting([])).toEqual([]);
  });

  it('are limited for each attempt, however often they are reported', () => {
    const line = (n: number) => ({ n, at: 1.5, level: 'info' as const, message: `line ${n}` });
    const from = maxLinesPerAttempt - 1;
    const lines = [0, 1, 2, 3].map((i) => line(from + i));
    expect(
      linesOf('r', 's', { source: 'x', lines }).map(({ n, at, level, message }) => [n, at, level, message]),
    ).toEqual([
      [from, 1, 'info', `line ${from}`],
      [from + 1, 1, 'info', `line ${from + 1}`],
      [from + 2, 1, 'warn', `further lines of this attempt are left out (limit ${maxLinesPerAttempt})`],
    ]);
  });
});
