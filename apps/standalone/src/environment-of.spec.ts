import { environmentOf } from './environment-of.js';

describe('environmentOf', () => {
  it('gives every service a directory and a health port of its own', () => {
    const shared = { NATS_URL: 'nats://n', DATA_DIR: '/data', HEALTH_PORT: '9000' };
    expect(environmentOf('registry', shared)).toMatchObject({
      NATS_URL: 'nats://n',
      DATA_DIR: '/data/registry',
      HEALTH_PORT: '0',
    });
    expect(environmentOf('training', shared)['DATA_DIR']).toBe('/data/training');
  });

  it('never gives two services one database', () => {
    expect(environmentOf('registry', { DATABASE_URL: 'postgres://all' })['DATABASE_URL']).toBeUndefined();
  });

  it('lets a variable be set for one service alone', () => {
    const shared = { REGISTRY__DATABASE_URL: 'postgres://r', TRAINING__LOG_LEVEL: 'debug' };
    expect(environmentOf('registry', shared)['DATABASE_URL']).toBe('postgres://r');
    expect(environmentOf('training', shared)).toMatchObject({ LOG_LEVEL: 'debug', DATABASE_URL: undefined });
  });
});
