import { planOfNeeds } from '../../testing/plans.js';
import { changedSteps } from './changed-steps.js';
import { endlessRoom } from './room.js';
import { newRun } from './state.js';
import { Turn } from './turn.js';

describe('changedSteps', () => {
  const before = newRun({ run: 'r', plan: planOfNeeds([[], [], []]), params: {}, useCache: true });

  it('names those that are another way, and those that came about', () => {
    const turn = new Turn(before, endlessRoom);
    turn.changeStep(1, { status: 'running' });
    turn.append([{ of: 1, index: 0 }]);
    expect(changedSteps(before, turn.state)).toEqual([1, 3]);
    expect(changedSteps(before, before)).toEqual([]);
  });

  it('asked again, and of another state before, says what is so then', () => {
    const first = new Turn(before, endlessRoom);
    first.changeStep(0, { status: 'running' });
    const second = new Turn(first.state, endlessRoom);
    second.changeStep(2, { status: 'running' });
    expect(changedSteps(first.state, second.state)).toEqual([2]);
    expect(changedSteps(first.state, second.state)).toEqual([2]);
    expect(changedSteps(before, second.state)).toEqual([0, 2]);
    expect(changedSteps(undefined, second.state)).toEqual([0, 1, 2]);
  });
});
