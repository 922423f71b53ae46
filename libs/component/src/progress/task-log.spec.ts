import { DomainError, type LogReport } from '@millrace/contracts';
import { ManualClock } from './manual-clock.fixture.js';
import { TaskLog } from './task-log.js';

const setUp = () => {
  const clock = new ManualClock();
  const reports: { lines: string[]; answer: (error?: Error) => Promise<void> }[] = [];
  const sources = new Set<string>();
  const send = ({ source, lines }: LogReport) => {
    sources.add(source);
    return new Promise<void>((resolve, reject) => {
      const answer = async (error?: Error): Promise<void> => {
        if (error) reject(error);
        else resolve();
        await new Promise(setImmediate);
      };
      reports.push({ lines: lines.map(({ n, message }) => `${n} ${message}`), answer });
    });
  };
  const log = new TaskLog(send, clock);
  const say = (...messages: string[]) =>
    messages.map((message) => log.take({ log: { level: 'info', message } }).log?.n);
  return { clock, reports, sources, log, say };
};
const away = new DomainError('unavailable', 'nobody answers');

describe('the log of a task', () => {
  it('numbers lines, gathers them for a moment, and sends no more before it is answered', async () => {
    const { clock, reports, sources, log, say } = setUp();
    expect(log.take({ fraction: 0.5 })).toEqual({ fraction: 0.5 });
    expect(say('a', 'b')).toEqual([1, 2]);
    expect(reports).toEqual([]);
    clock.pass(150);
    say('c');
    clock.pass(1_000);
    expect(reports.map(({ lines }) => lines)).toEqual([['1 a', '2 b']]);
    await reports[0]?.answer();
    clock.pass(150);
    expect(reports[1]?.lines).toEqual(['3 c']);
    await reports[1]?.answer();
    expect(log.close()).toBeUndefined();
    expect(sources.size).toBe(1);
  });

  it('sends again what nobody took, with what came meanwhile, later and later', async () => {
    const { clock, reports, say } = setUp();
    say('a');
    clock.pass(150);
    await reports[0]?.answer(away);
    say('b');
    clock.pass(299);
    expect(reports).toHaveLength(1);
    clock.pass(1);
    expect(reports[1]?.lines).toEqual(['1 a', '2 b']);
    for (let i = 1; i < 8; i++) {
      await reports[i]?.answer(away);
      clock.pass(2_000);
    }
    expect(reports).toHaveLength(9);
  });

  it('gives back what is not answered for at its end, and sends nothing more', async () => {
    const { clock, reports, log, say } = setUp();
    say('a');
    clock.pass(150);
    say('b');
    const rest = log.close();
    expect(rest?.lines).toEqual([
      { n: 1, at: 0, level: 'info', message: 'a' },
      { n: 2, at: 150, level: 'info', message: 'b' },
    ]);
    await reports[0]?.answer();
    clock.pass(10_000);
    expect(reports).toHaveLength(1);
    expect(rest?.lines).toHaveLength(2);
  });

  it('asks no more once it is refused, and gives all back', async () => {
    const { clock, reports, log, say } = setUp();
    say('a');
    clock.pass(150);
    await reports[0]?.answer(new DomainError('conflict', 'another token', { retryable: false }));
    say('b');
    clock.pass(10_000);
    expect(reports).toHaveLength(1);
    expect(log.close()?.lines.map(({ message }) => message)).toEqual(['a', 'b']);
  });

  it('has room for so much, and says how much was too much', async () => {
    const { clock, reports, log, say } = setUp();
    const long = 'x'.repeat(2_000);
    const numbers = say(...Array.from({ length: 200 }, () => long));
    const kept = numbers.filter((n) => n !== 0).length;
    expect(kept).toBeLessThan(200);
    clock.pass(150);
    await reports[0]?.answer();
    say('again');
    expect(log.close()?.lines.map(({ n, message }) => `${n} ${message}`)).toEqual([
      `${kept + 1} ${200 - kept} log lines were left out: nobody took them`,
      `${kept + 2} again`,
    ]);
    const bytes = reports[0]?.lines.join('').length ?? Infinity;
    expect(bytes).toBeLessThan(256 * 1024);
  });
});
