import { DomainError } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { fromList, type DesiredEndpoint } from '../desired/desired-state.js';
import type { Attempt } from './plan.js';
import { Reconciler, type ServingHost } from './reconciler.js';

/** Waits until an expectation holds. */
const until = (check: () => void) =>
  eventually(() => {
    check();
    return true;
  });

const wanted = (endpoint: string, revision: number): DesiredEndpoint => ({ endpoint, revision, targets: [] });
const name = ({ endpoint, revision }: DesiredEndpoint) => `${endpoint}@${revision}`;

/** Serves names; loads wait while it is held, and fail as told. */
class TestHost implements ServingHost<string> {
  readonly log: string[] = [];
  readonly serving = new Map<string, string>();
  readonly reports = new Map<string, Attempt | undefined>();
  failing = new Map<string, DomainError>();
  /** What is in memory already. */
  readonly inMemory = new Set<string>();
  private release: (() => void) | undefined;
  private gate: Promise<void> | undefined;

  hold(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }
  go(): void {
    this.gate = undefined;
    this.release?.();
  }
  isLoaded(desired: DesiredEndpoint): boolean {
    return this.inMemory.has(name(desired));
  }
  async load(desired: DesiredEndpoint): Promise<string> {
    this.log.push(`load ${name(desired)}`);
    if (!this.isLoaded(desired)) await this.gate;
    const error = this.failing.get(name(desired));
    if (error) throw error;
    return name(desired);
  }
  swap(endpoint: string, loaded: string): void {
    this.serving.set(endpoint, loaded);
  }
  async discard(loaded: string): Promise<void> {
    this.log.push(`discard ${loaded}`);
  }
  async remove(endpoint: string): Promise<void> {
    this.serving.delete(endpoint);
    if (this.failing.has(endpoint)) throw this.failing.get(endpoint);
  }
  failed(error: unknown): void {
    this.log.push(`failed ${(error as Error).message}`);
  }
  report(endpoint: string, attempt: Attempt | undefined): void {
    this.reports.set(endpoint, attempt);
  }
}

const setUp = () => {
  const host = new TestHost();
  return { host, reconciler: new Reconciler(host) };
};
const settled = (reconciler: Reconciler<string>) => until(() => expect(reconciler.unsettled).toEqual([]));

describe('Reconciler', () => {
  it('knows nothing before it is told', () => {
    const { reconciler } = setUp();
    expect(reconciler.unsettled).toBeUndefined();
  });

  it('loads what is desired, once, and removes what is not', async () => {
    const { host, reconciler } = setUp();
    reconciler.want(fromList([wanted('a', 1), wanted('b', 1)]));
    expect(reconciler.unsettled).toEqual(['a', 'b']);
    await settled(reconciler);
    reconciler.want(fromList([wanted('a', 1), wanted('c', 5)]));
    await until(() => expect([...host.serving.values()]).toEqual(['a@1', 'c@5']));
    expect(host.log).toEqual(['load a@1', 'load b@1', 'load c@5']);
    expect(host.reports.get('a')).toEqual({ revision: 1, state: 'ready', failures: 0 });
    expect(host.reports.get('b')).toBeUndefined();
  });

  it('keeps the old revision when the new one cannot be loaded, says so, and does not try in vain', async () => {
    const { host, reconciler } = setUp();
    host.failing.set('a@2', new DomainError('integrity', 'golden row 3 differs'));
    reconciler.want(fromList([wanted('a', 1)]));
    await settled(reconciler);
    reconciler.want(fromList([wanted('a', 2)]));
    await settled(reconciler);
    expect(host.serving.get('a')).toBe('a@1');
    expect(host.reports.get('a')).toMatchObject({
      revision: 2,
      state: 'failed',
      error: { code: 'integrity', message: 'golden row 3 differs' },
    });
    reconciler.want(fromList([wanted('a', 2), wanted('b', 1)]));
    await settled(reconciler);
    expect(host.log).toEqual(['load a@1', 'load a@2', 'load b@1']);
  });

  it('tries again what may pass, and is not settled meanwhile', async () => {
    const { host, reconciler } = setUp();
    host.failing.set('a@1', new DomainError('unavailable', 'the store is away'));
    reconciler.want(fromList([wanted('a', 1)]));
    await until(() => expect(reconciler.attempts.get('a')?.failures).toBe(1));
    expect(reconciler.unsettled).toEqual(['a']);
    expect(host.reports.has('a')).toBe(false);
    host.failing.clear();
    await settled(reconciler);
    expect(host.serving.get('a')).toBe('a@1');
  });

  it('goes on after a removal that failed', async () => {
    const { host, reconciler } = setUp();
    reconciler.want(fromList([wanted('a', 1)]));
    await settled(reconciler);
    host.failing.set('a', new DomainError('internal', 'stuck'));
    reconciler.want(fromList([wanted('b', 1)]));
    await settled(reconciler);
    expect(host.log.sort()).toEqual(['failed stuck', 'load a@1', 'load b@1']);
  });

  it('skips to the newest revision, and drops what was overtaken while it loaded', async () => {
    const { host, reconciler } = setUp();
    host.hold();
    reconciler.want(fromList([wanted('a', 1)]));
    await until(() => expect(host.log).toEqual(['load a@1']));
    reconciler.want(fromList([wanted('a', 2)]));
    reconciler.want(fromList([wanted('a', 3)]));
    host.go();
    await settled(reconciler);
    expect(host.log).toEqual(['load a@1', 'discard a@1', 'load a@3']);
    expect(host.serving.get('a')).toBe('a@3');
  });

  it('lets nothing that takes no time wait for what does', async () => {
    const { host, reconciler } = setUp();
    host.inMemory.add('fast@1').add('fast@2');
    reconciler.want(fromList([wanted('fast', 1), wanted('gone', 1)]));
    await settled(reconciler);
    host.hold();
    reconciler.want(fromList([wanted('slow', 1), wanted('later', 1), wanted('fast', 1)]));
    reconciler.want(fromList([wanted('slow', 1), wanted('later', 1), wanted('fast', 2)]));
    await until(() => expect([...host.serving.values()]).toEqual(['fast@2']));
    expect(reconciler.unsettled).toEqual(['slow', 'later']);
    expect(host.log).toEqual(['load fast@1', 'load gone@1', 'load slow@1', 'load fast@2']);
    host.go();
    await settled(reconciler);
  });

  it('takes a desired state that arrives in the very moment it became idle', async () => {
    const { host, reconciler } = setUp();
    reconciler.want(new Map());
    for (let revision = 1; revision <= 5; revision++) {
      await Promise.resolve();
      reconciler.want(fromList([wanted('a', revision)]));
    }
    await until(() => expect(host.serving.get('a')).toBe('a@5'));
  });

  it('stops after what is under way', async () => {
    const { host, reconciler } = setUp();
    host.hold();
    reconciler.want(fromList([wanted('a', 1), wanted('b', 1)]));
    const stopping = reconciler.stop();
    host.go();
    await stopping;
    expect(host.log).toEqual(['load a@1', 'discard a@1']);
    expect(host.serving.size).toBe(0);
  });
});
