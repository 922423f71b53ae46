import { defaultPrefix, streamName, subjectsOf } from './subjects.js';

describe('subjects', () => {
  it('are those of the published map', () => {
    const subjects = subjectsOf();
    expect(subjects.operation('registry', 'model.get')).toBe('millrace.v1.registry.model.get');
    expect(subjects.infer('flights')).toBe('millrace.v1.infer.flights');
    expect(subjects.inferRows('flights')).toBe('millrace.v1.infer.flights.rows');
    expect(subjects.work('transform.fit')).toBe('millrace.v1.work.transform.fit');
    expect(subjects.event('registry.version.created')).toBe('millrace.v1.event.registry.version.created');
    expect(subjects.progress('r1', 'fit')).toBe('millrace.v1.progress.r1.fit');
    expect(subjects.log('r1')).toBe('millrace.v1.log.r1');
  });

  it('and their streams follow the prefix, so that two Millraces share one server', () => {
    expect(streamName(defaultPrefix, 'WORK')).toBe('MILLRACE_WORK');
    expect(streamName('team-a.v1', 'WORK')).toBe('TEAM_A_V1_WORK');
    expect(subjectsOf('team-a.v1').work('x.y')).toBe('team-a.v1.work.x.y');
  });
});
