import { DomainError } from '@millrace/contracts';
import { Breaker } from './breaker.js';

const setUp = () => {
  const clock = { now: 1_000 };
  const breaker = new Breaker(() => clock.now);
  const strike = (times: number) => {
    for (let i = 0; i < times; i++) breaker.strike(new DomainError('deadline_exceeded', 'too long'));
  };
  return { clock, breaker, strike };
};

describe('Breaker', () => {
  it('puts a model out that ended five hosts within a minute, with the reason', () => {
    const { clock, breaker, strike } = setUp();
    strike(4);
    expect(breaker.outage).toBeUndefined();
    strike(1);
    expect(breaker.outage).toMatchObject({
      code: 'unavailable',
      message: 'the model is put out for 30 s, for what its runs did: too long',
    });
    clock.now += 29_999;
    expect(breaker.outage).toBeDefined();
    clock.now += 1;
    expect(breaker.outage).toBeUndefined();
  });

  it('does not mind what is long ago', () => {
    const { clock, breaker, strike } = setUp();
    for (let i = 0; i < 20; i++) {
      strike(1);
      clock.now += 16_000;
      expect(breaker.outage).toBeUndefined();
    }
  });

  it('gives one chance after it, and is out for twice as long, up to ten minutes', () => {
    const { clock, breaker, strike } = setUp();
    strike(5);
    for (const seconds of [30, 60, 120, 240, 480, 600, 600]) {
      expect(breaker.outage?.message).toContain(`put out for ${seconds} s`);
      clock.now += seconds * 1_000;
      expect(breaker.outage).toBeUndefined();
      strike(1);
    }
  });

  it('begins anew when a run went well', () => {
    const { clock, breaker, strike } = setUp();
    strike(5);
    clock.now += 30_000;
    breaker.succeed();
    strike(4);
    expect(breaker.outage).toBeUndefined();
    strike(1);
    expect(breaker.outage?.message).toContain('put out for 30 s');
  });
});
