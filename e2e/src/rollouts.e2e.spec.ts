import { endpointPromote, endpointRollback, type EndpointView } from '@millrace/contracts';
import { eventually } from '@millrace/testing';
import { startServing, type Serving } from './support/serving.js';

/** Callers that never stop: what they were answered, and what they were refused. */
const startCallers = (serving: Serving, x = 1) => {
  const answers = new Map<number, number>();
  const errors: unknown[] = [];
  let asking = true;
  const done = Promise.all(
    Array.from({ length: 6 }, async () => {
      while (asking)
        try {
          const answer = await serving.infer(x);
          answers.set(answer, (answers.get(answer) ?? 0) + 1);
        } catch (error) {
          errors.push(error);
        }
    }),
  );
  return {
    answers,
    errors,
    stop: async (): Promise<void> => {
      asking = false;
      await done;
    },
  };
};

const both = (view: EndpointView): boolean =>
  view.status === 'ready' && view.replicas.filter(({ revision }) => revision === view.revision).length === 2;
const at = (phase: string) => (view: EndpointView) => view.rollout?.phase === phase && both(view);

describe('a rollout over deployment and two replicas', () => {
  let serving: Serving;
  beforeAll(async () => {
    serving = await startServing();
    await serving.startDeployment();
    for (const id of ['one', 'two']) await serving.startReplica(id);
    for (const version of [1, 2, 4, 5]) await serving.put(version);
    // Fails for every x from 5.
    await serving.put(3, 5);
    await serving.deploy(1);
    await serving.until(both);
  });
  afterAll(() => serving?.[Symbol.asyncDispose]());

  it('fails no request, there and back', async () => {
    const callers = startCallers(serving);
    await serving.deploy(2);
    await serving.until(at('promoted'));
    await eventually(() => (callers.answers.get(2) ?? 0) > 50);
    await serving.client.request(endpointRollback, { endpoint: serving.endpoint });
    await serving.until(at('rolled_back'));
    const before = callers.answers.get(1)!;
    await eventually(() => callers.answers.get(1)! > before + 50);
    await callers.stop();
    expect(callers.errors).toEqual([]);
    expect([...callers.answers.keys()].sort()).toEqual([1, 2]);
  });

  it('stops where the model is not what it was registered as', async () => {
    const other = await serving.store.put('no model', { type: 'file' });
    serving.versions.set(9, { ...other, type: 'model' });
    await serving.deploy(9);
    const { rollout, targets } = await serving.until(at('failed'));
    expect(targets).toMatchObject([{ version: 1, weight: 100 }]);
    expect(rollout?.error?.message).toMatch(/^replica '(one|two)' cannot load it: /);
    expect(await serving.infer(1)).toBe(1);
  });

  const canary = {
    steps: [
      { weight: 25, durationMs: 200 },
      { weight: 75, durationMs: 200 },
    ],
    minRequests: 20,
  };

  it('by canary goes on by itself with good numbers', async () => {
    const callers = startCallers(serving, 7);
    await serving.deploy(2, { strategy: 'canary', canary });
    const { rollout } = await serving.until(at('promoted'));
    await callers.stop();
    expect(callers.errors).toEqual([]);
    expect([...callers.answers.keys()].sort()).toEqual([1, 2]);
    expect(rollout).toMatchObject({ step: 1, weight: 100, previousVersion: 1 });
    expect(rollout?.candidate?.requests).toBeGreaterThanOrEqual(20);
    expect(rollout?.candidate?.p99).toBeGreaterThan(0);
  });

  it('by canary is taken back by bad ones', async () => {
    const callers = startCallers(serving, 7);
    await serving.deploy(3, { strategy: 'canary', canary });
    const { rollout, targets } = await serving.until(at('rolled_back'));
    expect(targets).toMatchObject([{ version: 2, weight: 100 }]);
    expect(rollout?.reason).toMatch(/^\d+ of \d+ requests failed, more than 1 %$/);
    await callers.stop();
    expect(callers.errors.length).toBeGreaterThan(0);
    expect(await serving.infer(7)).toBe(2);
  });

  it('in the shadow tells how much differs, answers nobody, and is promoted', async () => {
    const callers = startCallers(serving);
    await serving.deploy(5, { strategy: 'shadow' });
    const { rollout } = await serving.until((view) => (view.rollout?.shadow?.rows ?? 0) > 20);
    expect(rollout?.shadow).toMatchObject({
      agreement: 0,
      largestDifference: 3,
      largestDifferenceIn: 'y',
      failed: 0,
    });
    expect([...callers.answers.keys()]).toEqual([2]);
    await serving.client.request(endpointPromote, { endpoint: serving.endpoint });
    await serving.until(at('promoted'));
    await eventually(() => callers.answers.has(5));
    await callers.stop();
    expect(callers.errors).toEqual([]);
  });
});

it('answers with deployment away, and is taken up where it was', async () => {
  await using serving = await startServing();
  const deployment = await serving.startDeployment();
  await serving.startReplica('one');
  for (const version of [1, 2]) await serving.put(version);
  await serving.deploy(1);
  await serving.until(({ status }) => status === 'ready');
  await serving.deploy(2, {
    strategy: 'canary',
    canary: { steps: [{ weight: 50, durationMs: 500 }], minRequests: 5 },
  });
  await serving.until(({ rollout, status }) => rollout?.phase === 'canary' && status === 'ready');
  await deployment.stop();
  const answers = new Set<number>();
  for (let i = 0; i < 60; i++) answers.add(await serving.infer(1));
  expect(answers).toEqual(new Set([1, 2]));
  await serving.startDeployment();
  // What was counted while it was away is counted.
  await serving.until(({ rollout }) => rollout?.phase === 'promoted');
  await eventually(async () => (await serving.infer(1)) === 2);
});
