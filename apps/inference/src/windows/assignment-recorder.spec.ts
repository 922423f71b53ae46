import { AssignmentRecorder } from './assignment-recorder.js';

const source = { endpoint: 'e', revision: 3, replica: 'r' };
const one = { model: 'm', version: 1 };

describe('AssignmentRecorder', () => {
  it('records each key once', () => {
    const recorder = new AssignmentRecorder(source);
    recorder.record('a', one);
    recorder.record('a', one);
    recorder.record('b', { model: 'm', version: 2 });
    expect(recorder.take()).toEqual([
      {
        ...source,
        dropped: 0,
        assignments: [
          { key: 'a', ...one, at: expect.any(String) },
          { key: 'b', model: 'm', version: 2, at: expect.any(String) },
        ],
      },
    ]);
    recorder.record('a', one);
    expect(recorder.take()).toEqual([]);
  });

  it('is bounded, in events that fit, and counts what had no room; that is recorded another time', () => {
    const recorder = new AssignmentRecorder(source);
    const key = (i: number) => `${'k'.repeat(250)}${i}`;
    for (let i = 0; i < 5_000; i++) recorder.record(key(i), one);
    const events = recorder.take();
    const count = events.reduce((sum, { assignments }) => sum + assignments.length, 0);
    expect(events.every((event) => JSON.stringify(event).length < 500_000)).toBe(true);
    expect([events.length, events[0]!.dropped]).toEqual([8, 5_000 - count]);
    recorder.record(key(4_999), one);
    expect(recorder.take()).toMatchObject([{ assignments: [{ key: key(4_999) }] }]);
  });
});
