import { ManualClock } from './manual-clock.fixture.js';
import { finite, ProgressReporter, type Report } from './progress-reporter.js';

const setUp = () => {
  const clock = new ManualClock();
  const sent: Report[] = [];
  return { clock, sent, reporter: new ProgressReporter((report) => sent.push(report), clock) };
};

describe('ProgressReporter', () => {
  it('sends the first at once, at most ten a second after it, and always the last', () => {
    const { clock, sent, reporter } = setUp();
    for (let i = 0; i <= 1_000; i++) {
      reporter.progress(i / 1_000);
      clock.pass(1);
    }
    reporter.progress(1, { message: 'done' });
    reporter.close();
    expect(sent[0]).toEqual({ fraction: 0 });
    expect(sent.length).toBeLessThanOrEqual(12);
    expect(sent.at(-1)).toEqual({ fraction: 1, message: 'done' });
  });

  it('sends what waited even if nothing follows', () => {
    const { clock, sent, reporter } = setUp();
    reporter.progress(0.1);
    reporter.progress(0.2);
    reporter.progress(0.3);
    expect(sent).toEqual([{ fraction: 0.1 }]);
    clock.pass(100);
    expect(sent).toEqual([{ fraction: 0.1 }, { fraction: 0.3 }]);
    clock.pass(1_000);
    expect(sent).toHaveLength(2);
  });

  it.each([
    [NaN, {}],
    [undefined, {}],
    [-1, { fraction: 0 }],
    [7, { fraction: 1 }],
    [Infinity, { fraction: 1 }],
  ])('reports %p as %p', (fraction, expected) => {
    const { sent, reporter } = setUp();
    reporter.progress(fraction);
    expect(sent).toEqual([expected]);
  });

  it('leaves out what JSON can not say, and cuts what is too long', () => {
    const { sent, reporter } = setUp();
    reporter.progress(undefined, {
      message: 'x'.repeat(10_000),
      metrics: { loss: 0.5, gone: NaN, far: Infinity },
    });
    expect(sent[0]!.metrics).toEqual({ loss: 0.5 });
    expect(sent[0]!.message).toHaveLength(2_000);
    expect(finite({ a: 1, b: -Infinity })).toEqual({ a: 1 });
  });

  it('gives a flood of log lines a budget, counts the rest, and grows it again', () => {
    const { clock, sent, reporter } = setUp();
    for (let i = 0; i < 500; i++) reporter.log('info', `line ${i}`);
    expect(sent).toHaveLength(100);
    clock.pass(1_000);
    for (let i = 0; i < 500; i++) reporter.log('warn', 'x'.repeat(10_000));
    expect(sent).toHaveLength(110);
    expect(sent.at(-1)!.log!.message).toHaveLength(2_000);
    reporter.close();
    expect(sent.at(-1)).toEqual({ log: { level: 'warn', message: '890 more log lines were left out' } });
  });

  it('is silent once closed', () => {
    const { clock, sent, reporter } = setUp();
    reporter.close();
    reporter.progress(1);
    reporter.log('info', 'still here');
    clock.pass(1_000);
    reporter.close();
    expect(sent).toEqual([]);
  });
});
