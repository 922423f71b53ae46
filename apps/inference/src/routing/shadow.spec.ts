import { DomainError, type ModelSignature } from '@millrace/contracts';
import type { QueuedRun } from '../execution/queued-run.js';
import { compileInterface } from '../protocol/model-interface.js';
import type { Feeds } from '../protocol/tensor.js';
import { WindowRecorder } from '../windows/window-recorder.js';
import { Shadow } from './shadow.js';

const signature: ModelSignature = {
  inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, 1] }],
  outputs: [{ name: 'y', datatype: 'FP64', shape: [-1, 1] }],
};
const feeds = (name: string, ...data: number[]): Feeds => ({
  [name]: { type: 'FP64', dims: [data.length, 1], data: Float64Array.from(data) },
});

const setUp = (options: { percent?: number; tolerance?: number } = {}) => {
  const runs: QueuedRun[] = [];
  const held: (() => void)[] = [];
  const state: { answer: (run: QueuedRun) => Promise<Feeds> } = {
    answer: ({ feeds: { x } }) => Promise.resolve({ y: x! }),
  };
  const description = { signature, task: 'regression' as const };
  const source = { endpoint: 'e', model: 'm', version: 2, replica: 'r', role: 'shadow' as const };
  const recorder = new WindowRecorder(source, description, 1_000);
  const model = {
    interface: compileInterface(signature),
    description,
    run: (run: QueuedRun) => {
      runs.push(run);
      return state.answer(run);
    },
  };
  const shadow = new Shadow({ model, recorder }, options, (run) => held.push(run));
  const offer = (x: number, y: number) =>
    shadow.offer(feeds('y', y), 1, () => ({ feeds: feeds('x', x), rows: 1 }));
  /** Lets what was put off run to its end. */
  const settle = async () => {
    held.splice(0).forEach((run) => run());
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { runs, held, state, recorder, shadow, offer, settle };
};

describe('a shadow', () => {
  it('gets copies only after the answer, less urgent than all else, and is compared', async () => {
    const { runs, offer, settle, recorder } = setUp({ tolerance: 0.1 });
    offer(1, 1);
    offer(2, 5);
    expect(runs).toEqual([]);
    await settle();
    expect(runs).toMatchObject([{ priority: 0xffff_ffff, rows: 1 }, { rows: 1 }]);
    expect(recorder.close()).toMatchObject({
      role: 'shadow',
      requests: 2,
      comparison: {
        rows: 2,
        agreed: 1,
        largestDifference: 3,
        largestDifferenceIn: 'y',
        failed: 0,
        skipped: 0,
      },
    });
    expect(recorder.close()).toBeUndefined();
  });

  it('gets its percent, evenly', async () => {
    const { runs, offer, settle } = setUp({ percent: 25 });
    for (let i = 0; i < 40; i++) {
      offer(1, 1);
      await settle();
    }
    expect(runs).toHaveLength(10);
  });

  it('has a bound, and what is over it is counted', async () => {
    const { offer, settle, shadow, recorder } = setUp();
    for (let i = 0; i < 20; i++) offer(1, 1);
    shadow.offer(feeds('y', 1), 5_000, () => ({ feeds: feeds('x', 1), rows: 5_000 }));
    await settle();
    offer(1, 1);
    await settle();
    expect(recorder.close()).toMatchObject({ requests: 17, comparison: { rows: 17, skipped: 5 } });
  });

  it('that fails, or cannot read what others can, is counted', async () => {
    const { offer, settle, state, shadow, recorder } = setUp();
    state.answer = () => Promise.reject(new DomainError('internal', 'no'));
    offer(1, 1);
    shadow.offer(feeds('y', 1), 1, () => {
      throw new DomainError('invalid_request', 'inputs');
    });
    await settle();
    expect(recorder.close()).toMatchObject({
      requests: 2,
      faults: 2,
      comparison: { rows: 0, agreed: 0, failed: 2 },
    });
  });

  it('that is let go of is asked no more', async () => {
    const { offer, settle, shadow, runs } = setUp();
    offer(1, 1);
    shadow.close();
    offer(1, 1);
    await settle();
    expect(runs).toEqual([]);
  });
});
