import type { ReplicaReport } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { ReplicaReporter } from './replica-reporter.js';

/** Waits until an expectation holds. */
const until = (check: () => void) =>
  eventually(() => {
    check();
    return true;
  });

const report = (endpoint: string, revision: number): ReplicaReport => ({
  endpoint,
  revision,
  replica: 'r',
  state: 'ready',
});

const setUp = () => {
  const heard: string[] = [];
  const failures: unknown[] = [];
  const state = { broken: false };
  const reporter = new ReplicaReporter(
    async ({ endpoint, revision }) => {
      if (state.broken) throw new Error('away');
      heard.push(`${endpoint}@${revision}`);
    },
    (error) => failures.push(error),
  );
  return { heard, failures, state, reporter };
};

describe('ReplicaReporter', () => {
  it('reports', async () => {
    const { heard, reporter } = setUp();
    reporter.report(report('a', 1));
    reporter.report(report('b', 1));
    await until(() => expect(heard).toEqual(['a@1', 'b@1']));
  });

  it('goes on until it is heard, and then says only the newest', async () => {
    const { heard, failures, state, reporter } = setUp();
    state.broken = true;
    reporter.report(report('a', 1));
    await until(() => expect(failures.length).toBeGreaterThan(0));
    reporter.report(report('a', 2));
    reporter.report(report('b', 1));
    reporter.forget('b');
    state.broken = false;
    await until(() => expect(heard).toEqual(['a@2']));
  });

  it('repeats everything when asked, at once', async () => {
    const { heard, state, failures, reporter } = setUp();
    reporter.report(report('a', 1));
    await until(() => expect(heard).toEqual(['a@1']));
    state.broken = true;
    reporter.report(report('b', 1));
    await until(() => expect(failures).toHaveLength(1));
    state.broken = false;
    reporter.repeat();
    await until(() => expect(heard.sort()).toEqual(['a@1', 'a@1', 'b@1']));
  });

  it('stops', async () => {
    const { failures, state, reporter } = setUp();
    state.broken = true;
    reporter.report(report('a', 1));
    await until(() => expect(failures).toHaveLength(1));
    reporter.stop();
    reporter.report(report('b', 1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).toHaveLength(1);
  });
});
