import { cpuMsOf, shareOfOthers } from './processor.mjs';

describe('the processor time of others', () => {
  // Fields as in proc(5): own 250 + 30 ticks, ended children 1000 + 70; machine: user, nice, system, idle, iowait, irq, softirq, …
  const self =
    '4711 (node (a) b) S 1 4711 4711 0 -1 4194304 9000 80 0 0 250 30 1000 70 20 0 11 0 99 1081156 120240 18446744073709551615\n';
  const machine =
    'cpu  5000 10 700 90000 400 5 15 9 0 0\ncpu0 2500 5 350 45000 200 2 8 4 0 0\nintr 1 2 3\nctxt 77\n';

  it('is read as Linux writes it', () =>
    expect(cpuMsOf(self, machine)).toEqual({ own: 13_500, all: 57_300 }));

  it.each([
    ['half of two cores', { own: 1_000, all: 3_000 }, 0.5],
    ['nothing', { own: 2_000, all: 2_000 }, 0],
    // The two files are not read at one moment.
    ['less than nothing', { own: 2_000, all: 1_990 }, 0],
    ['more than there is', { own: 0, all: 4_100 }, 1],
  ])('%s', (_what, after, share) =>
    expect(shareOfOthers({ own: 0, all: 0 }, after, 2_000, 2)).toBeCloseTo(share),
  );
});
