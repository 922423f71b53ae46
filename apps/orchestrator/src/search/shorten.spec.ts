import { shorten } from './shorten.js';

describe('shortening values', () => {
  it('leaves them as they are as long as they fit together', () => {
    const values = { a: 'x'.repeat(5_000), b: [1, 2] };
    expect(shorten(values, 6_000)).toEqual({ values, shortened: [] });
  });

  it('gives the beginnings of the long ones where they do not, and says which', () => {
    const values = { a: Array.from({ length: 2_000 }, () => 1), short: 'ä', b: 'y'.repeat(1_001) };
    const { values: now, shortened } = shorten(values, 4_000);
    expect(shortened).toEqual(['a', 'b']);
    expect(now).toEqual({
      a: { truncated: JSON.stringify(values.a).slice(0, 1_000) },
      short: 'ä',
      b: { truncated: `"${'y'.repeat(999)}` },
    });
  });
});
