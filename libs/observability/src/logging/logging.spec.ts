import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';
import { redactUrl } from './redact-url.js';
import { withTrace } from '../tracing/with-trace.js';

const capture = (level = 'trace', pretty = false) => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level,
    pretty,
    destination: { write: (l) => void lines.push(l) },
  });
  return { logger, lines, last: () => JSON.parse(lines.at(-1)!) as Record<string, unknown> };
};

describe('createLogger', () => {
  it('writes one JSON object per line with service, level, time and message', () => {
    const { logger, last, lines } = capture();
    logger.info({ rows: 3 }, 'imported\nfine');
    expect(last()).toMatchObject({ level: 'info', service: 'test', rows: 3, msg: 'imported\nfine' });
    expect(Number.isFinite(Date.parse(String(last().time)))).toBe(true);
    expect(lines[0]!.trimEnd()).not.toContain('\n');
  });

  it('keeps the causes of an error', () => {
    const { logger, last } = capture();
    logger.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(JSON.stringify(last().err)).toMatch(/outer.*inner/s);
  });

  it('masks secrets at the top and one level down', () => {
    const { logger, lines } = capture();
    logger.info({ password: 'hunter2', headers: { authorization: 'Bearer hunter2' } }, 'hello');
    expect(lines[0]).not.toContain('hunter2');
  });

  it('says which trace a line belongs to', () => {
    const { logger, last } = capture();
    withTrace('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'work', () => logger.info('inside'));
    expect(last().traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    logger.info('outside');
    expect(last()).not.toHaveProperty('traceId');
  });

  it('is readable when asked for pretty', () => {
    const { logger, lines } = capture('info', true);
    logger.info('started');
    expect(lines.join('')).toContain('[test] started');
    expect(lines.join('')).not.toContain('{');
  });
});

describe('NestLogger', () => {
  it('maps message, stack and context', () => {
    const { logger, last } = capture();
    new NestLogger(logger).error('broken', 'Error: broken\n  at x', 'Injector');
    expect(last()).toMatchObject({
      level: 'error',
      msg: 'broken',
      stack: expect.stringContaining('at x'),
      context: 'Injector',
    });
  });

  it("turns Nest's start-up chatter down to debug", () => {
    const { logger, last } = capture();
    new NestLogger(logger).log('Nest application started', 'NestApplication');
    expect(last()).toMatchObject({ level: 'debug', context: 'NestApplication' });
  });

  it('logs errors and objects as what they are', () => {
    const { logger, last } = capture();
    new NestLogger(logger).warn(new Error('odd'));
    expect(last()).toMatchObject({ msg: 'odd', err: { message: 'odd' } });
    new NestLogger(logger).warn({ a: 1 }, 'Somewhere');
    expect(last()).toMatchObject({ msg: '{"a":1}', context: 'Somewhere' });
  });
});

describe('redactUrl', () => {
  it.each([
    ['postgres://me:secret@db:5432/x?sslpassword=secret', 'postgres://***:***@db:5432/x?***'],
    ['nats://127.0.0.1:4222', 'nats://127.0.0.1:4222'],
    ['not a url', 'not a url'],
  ])('%s', (url, safe) => expect(redactUrl(url)).toBe(safe));
});
