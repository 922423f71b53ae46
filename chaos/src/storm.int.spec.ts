import { temporaryDirectory } from '@millrace/testing';
import { drive } from './drive/drive.js';
import { isGood, textOf } from './drive/report.js';

describe('a short storm', () => {
  it('loses, invents, doubles and belatedly believes nothing', async () => {
    await using directory = await temporaryDirectory('millrace-storm-');
    const timeline: string[] = [];
    const report = await drive({
      seed: 10,
      directory: directory.path,
      database: 'sqlite',
      seconds: 14,
      runs: 0,
      clients: 8,
      faultEveryMs: 2_000,
      leaseMs: 4_000,
      settleMs: 60_000,
      crashProbability: 0.5,
      deadly: false,
      say: (line) => void timeline.push(line),
    });
    // The seed and what was done are in the message of a failure.
    if (!isGood(report)) throw new Error([...timeline, textOf(report)].join('\n'));
    expect(report.counts.acknowledged).toBeGreaterThan(0);
    expect(report.counts.executions).toBeGreaterThan(0);
    expect(report.counts.ticks).toBeGreaterThan(0);
    expect(report.counts.messages).toBeGreaterThan(0);
    expect(report.counts.children).toBeGreaterThan(0);
    // Of those that need neither privileges nor anything installed.
    for (const fault of [
      'kill migrating',
      'kill orchestrator',
      'spoil jetstream',
      'spoil artifacts',
      'cut network',
    ])
      expect(report.inflicted).toHaveProperty([fault]);
  }, 150_000);
});
