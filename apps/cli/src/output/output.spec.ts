import { duration, metrics, number } from './format.js';
import { oneLine, printable } from './printable.js';
import { table } from './table.js';

describe('text for people', () => {
  it('is a table whose columns are as wide as what they hold, numbers to the right', () => {
    expect(
      table(
        ['name', 'rows'],
        [
          ['a', 5],
          ['longer', 1000],
          [undefined, 0],
        ],
      ),
    ).toBe(['NAME    ROWS', 'a          5', 'longer  1000', '-          0'].join('\n'));
    expect(table(['name'], [])).toBe('NAME');
  });

  it('cannot speak to the terminal', () => {
    expect(printable('a\u001b[2J\u0007\u009b31mb\tc\nd')).toBe('a\ufffd[2J\ufffd\ufffd31mb\tc\nd');
    expect(printable('\u202e\ud800ä€😀')).toBe('\ufffd\ufffdä€😀');
    expect(oneLine(' a\n\r\n\tb ')).toBe('a b');
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_234, '1.2 s'],
    [59_960, '60.0 s'],
    [61_000, '1 min 1 s'],
    [119_800, '2 min 0 s'],
    [3_700_000, '1 h 1 min'],
  ])('says %d milliseconds as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('has four digits where there are more, and only what is measured of the thing itself', () => {
    expect([number(0.123456), number(123456), number(1e-7), number('x')]).toEqual([
      '0.1235',
      '123456',
      '1e-7',
      'x',
    ]);
    expect(metrics({ auc: 0.65432, 'baseline.auc': 0.5, rows: 10 })).toBe('auc 0.6543, rows 10');
  });
});
