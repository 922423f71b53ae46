import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  Min,
} from 'class-validator';
import { BaseEnv, commentsOf, DatabaseAndArtifactsEnv, describeEnv, EnvError, readEnv } from '../index.js';

class ShopEnv extends BaseEnv {
  /** How many at a time. */
  @IsInt() @Min(1) @Max(100) CONCURRENCY = 4;
  @IsNumber() RATIO = 0.5;
  @IsBoolean() OPEN = true;
  @IsIn(['red', 'blue']) COLOUR = 'red';
  /** Nothing works without it. */
  @IsString() @IsNotEmpty() API_KEY: string;
  @IsOptional() @IsString() MOTTO?: string;
}

const good = { API_KEY: 'k' };
const mistakesOf = (record: Record<string, string | undefined>): string[] => {
  try {
    readEnv(ShopEnv, { ...good, ...record });
    return [];
  } catch (error) {
    return (error as EnvError).mistakes.map(({ message }) => message);
  }
};

describe('readEnv', () => {
  it('names what is wrong with the URL of NATS, without repeating it', () => {
    expect(mistakesOf({ NATS_URL: 'nats://me:pass@a:1,tls://b:2, c:3' })).toEqual([]);
    expect(mistakesOf({ NATS_URL: 'http://me:pass@a:1' })).toEqual([
      'NATS_URL must begin with nats:// or tls://, not with http://',
    ]);
    expect(mistakesOf({ NATS_URL: 'nats://a b' })).toEqual(['NATS_URL must be nats://host:port']);
  });

  it('takes defaults where nothing is said', () => {
    expect(readEnv(ShopEnv, good)).toMatchObject({
      CONCURRENCY: 4,
      OPEN: true,
      NATS_URL: 'nats://127.0.0.1:4222',
      SUBJECT_PREFIX: 'millrace.v1',
      DATA_DIR: '.millrace/data',
      HEALTH_PORT: 0,
      SHUTDOWN_TIMEOUT_MS: 10_000,
    });
  });

  it('converts by the validators of the field', () => {
    const env = readEnv(ShopEnv, {
      ...good,
      CONCURRENCY: ' 8 ',
      RATIO: '-1.5',
      OPEN: 'FALSE',
      MOTTO: '42',
      HEALTH_PORT: '-1',
    });
    expect(env).toMatchObject({ CONCURRENCY: 8, RATIO: -1.5, OPEN: false, MOTTO: '42', HEALTH_PORT: -1 });
  });

  it('takes an empty variable as absent', () => {
    expect(readEnv(ShopEnv, { ...good, CONCURRENCY: '', NATS_URL: '  ' })).toMatchObject({
      CONCURRENCY: 4,
      NATS_URL: 'nats://127.0.0.1:4222',
    });
  });

  it.each([
    ['CONCURRENCY', '4.5', 'integer'],
    ['CONCURRENCY', '12abc', 'integer'],
    ['CONCURRENCY', '1e9', 'integer'],
    ['CONCURRENCY', '0x10', 'integer'],
    ['CONCURRENCY', '101', 'greater than 100'],
    ['CONCURRENCY', 'NaN', 'integer'],
    ['OPEN', 'maybe', 'boolean'],
    ['COLOUR', 'green', 'red, blue'],
    ['LOG_LEVEL', 'loud', 'trace, debug'],
    ['SUBJECT_PREFIX', 'a.>.b', 'tokens'],
    ['SUBJECT_PREFIX', '.a', 'tokens'],
  ])('refuses %s=%s', (name, value, reason) => {
    const mistakes = mistakesOf({ [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(name);
    expect(mistakes[0]).toContain(reason);
    expect(mistakes[0]).toContain(`'${value}'`);
  });

  it('names every mistake at once, on one line', () => {
    const read = () => readEnv(ShopEnv, { CONCURRENCY: '0', OPEN: 'x', LOG_LEVEL: 'y' });
    expect(read).toThrow(EnvError);
    expect(mistakesOf({ CONCURRENCY: '0', OPEN: 'x', API_KEY: undefined })).toHaveLength(3);
    expect(read).toThrow(/^[^\n]*CONCURRENCY[^\n]*OPEN[^\n]*API_KEY[^\n]*is not set[^\n]*$/);
  });

  it('does not print secrets', () => {
    const read = () => readEnv(DatabaseAndArtifactsEnv, { DATABASE_URL: 'mysql://me:hunter2@db' });
    expect(read).toThrow('DATABASE_URL must begin with postgres://');
    expect(read).not.toThrow('hunter2');
  });

  it('reads nothing that is not declared, and cannot be written to', () => {
    const env = readEnv(ShopEnv, { ...good, PATH: '/bin', __proto__: 'x', constructor: 'x' } as never);
    expect(Object.keys(env)).not.toContain('PATH');
    expect(env).toBeInstanceOf(ShopEnv);
    expect(() => Object.assign(env, { CONCURRENCY: 1 })).toThrow(TypeError);
  });
});

describe('describeEnv', () => {
  it('lists base settings first, with type, default, choice and need', () => {
    const settings = describeEnv(ShopEnv);
    expect(settings[0]).toMatchObject({ name: 'NATS_URL', type: 'string', default: 'nats://127.0.0.1:4222' });
    expect(settings.map(({ name }) => name).indexOf('CONCURRENCY')).toBeGreaterThan(
      settings.map(({ name }) => name).indexOf('SHUTDOWN_TIMEOUT_MS'),
    );
    expect(settings.filter(({ required }) => required).map(({ name }) => name)).toEqual(['API_KEY']);
    expect(settings.find(({ name }) => name === 'CONCURRENCY')).toMatchObject({
      type: 'integer',
      default: 4,
    });
    expect(settings.find(({ name }) => name === 'COLOUR')).toMatchObject({ oneOf: ['red', 'blue'] });
    expect(settings.find(({ name }) => name === 'MOTTO')).toMatchObject({ type: 'string', required: false });
  });

  it('takes descriptions from the comments in the source', () => {
    const source = `
      /** Not of a field. */
      export class X {
        /** How many
         * at a time; \`a = b\`. */
        @IsInt() @Min(1) CONCURRENCY = 4;
        @IsInt() PLAIN = 1;
        /** Nothing works without it. */
        @IsString()
        @Matches(/^x;/, { message: 'y' })
        API_KEY: string;
        /** Maybe. */
        @IsOptional() MOTTO?: string;
      }`;
    expect([...commentsOf(source)]).toEqual([
      ['CONCURRENCY', 'How many at a time; `a = b`.'],
      ['API_KEY', 'Nothing works without it.'],
      ['MOTTO', 'Maybe.'],
    ]);
    const described = describeEnv(ShopEnv, [source]);
    expect(described.find(({ name }) => name === 'API_KEY')?.description).toBe('Nothing works without it.');
    expect(described.find(({ name }) => name === 'OPEN')?.description).toBe('');
  });
});
