import { readEnv } from '@millrace/service';
import { OrchestratorEnv } from '../../config/orchestrator.env.js';
import { parseLimits, RoomLimits } from './room-limits.js';

describe('COMPONENT_CONCURRENCY', () => {
  it('limits components by name, and leaves the others the window', () => {
    const { limits, mistakes } = parseLimits(' training.fit=2 ,evaluation.score = 40');
    expect(mistakes).toEqual([]);
    const rooms = new RoomLimits(limits, 9);
    expect(rooms.of('training.fit')).toEqual({ most: 2, counts: 'out', refill: 1 });
    expect(rooms.of('evaluation.score')).toEqual({ most: 40, counts: 'out', refill: 1 });
    expect(rooms.of('constructor')).toEqual({ most: 9, counts: 'queued', refill: 5 });
    expect(new RoomLimits(limits, 0).of('transform.fit').most).toBe(Infinity);
  });

  it.each([
    ['training.fit', "'training.fit' is not <component>=<number>"],
    ['training.fit=', "'training.fit=' is not <component>=<number>"],
    ['training.fit=2=3', "'training.fit=2=3' is not <component>=<number>"],
    ['training.fit=2,', "'' is not <component>=<number>"],
    ['Training.Fit=2', "'Training.Fit' is no name of a component, such as training.fit"],
    ['fit=2', "'fit' is no name of a component, such as training.fit"],
    ['training.fit=0', 'training.fit=0 is not from 1 to 100000'],
    ['training.fit=1e3', 'training.fit=1e3 is not from 1 to 100000'],
    ['training.fit=-1', 'training.fit=-1 is not from 1 to 100000'],
    ['training.fit=9999999999999999', 'training.fit=9999999999999999 is not from 1 to 100000'],
    ['training.fit=2,training.fit=3', 'training.fit is given twice'],
    ['a.b=0,a.c=x', 'a.b=0 is not from 1 to 100000, a.c=x is not from 1 to 100000'],
  ])('%s: refused when the service starts', (text, why) => {
    expect(() => readEnv(OrchestratorEnv, { COMPONENT_CONCURRENCY: text })).toThrow(
      `COMPONENT_CONCURRENCY: ${why} (is '${text}')`,
    );
  });

  it('is refused in any length', () => {
    const text = 'x,'.repeat(50_000);
    expect(() => readEnv(OrchestratorEnv, { COMPONENT_CONCURRENCY: text })).toThrow(/^.{1,600}$/);
  });
});
