import { covers, isForeign, overlaps } from './subject-patterns.js';

describe('subject patterns', () => {
  it.each([
    ['a.b', 'a.b', true, true],
    ['a.*', 'a.b', true, true],
    ['a.b', 'a.*', true, false],
    ['a.>', 'a.b.c', true, true],
    ['a.>', 'a', false, false],
    ['a.*', 'a.>', true, false],
    ['a.>', 'a.>', true, true],
    ['>', 'a.>', true, true],
    ['a.b', 'a.c', false, false],
    ['*.b', 'a.*', true, false],
    ['a', 'a.b', false, false],
  ])('%s and %s: overlap %s, cover %s', (a, b, overlap, cover) => {
    expect(overlaps(a, b)).toBe(overlap);
    expect(overlaps(b, a)).toBe(overlap);
    expect(covers(a, b)).toBe(cover);
  });

  it.each([
    ['plant.alarm', true],
    ['plant.>', true],
    ['millrace.v2.x', true],
    ['millrace.v1.event.>', false],
    ['millrace.*.done', false],
    ['*.v1.done', false],
    ['*.x', false],
    ['_INBOX.a', false],
  ])('%s may start runs: %s', (subject, foreign) => expect(isForeign(subject, 'millrace.v1')).toBe(foreign));
});
