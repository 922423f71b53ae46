import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { openArtifactStore, type ArtifactStore } from '@millrace/artifacts';
import { DomainError } from '@millrace/contracts';
import { createLogger, type Logger } from '@millrace/observability';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import fc from 'fast-check';
import {
  Component,
  type ComponentResult,
  type PipelineComponent,
  type TaskContext,
} from '../descriptor/component.js';
import { runComponent, type ComponentRun } from '../run-component.js';
import { redactingLogger } from './redacting-logger.js';
import { Redaction } from './redaction.js';
import { secretsFrom } from './secret-source.js';

const secret = 'pa"ss wörd/1';

interface Params {
  password: string;
  nested: { list: string[] };
  fail: boolean;
  leak: boolean;
}

/** Says its password wherever it can. */
@Component({
  name: 'test.login',
  version: '1.0.0',
  description: 'Tells everything.',
  inputs: {},
  outputs: { value: { type: 'value' } },
  params: {
    required: ['password'],
    properties: {
      password: { type: 'string' },
      nested: { type: 'object' },
      fail: { type: 'boolean' },
      leak: { type: 'boolean' },
    },
  },
  deterministic: false,
  timeoutMs: 1_000,
})
class Login implements PipelineComponent<Params> {
  run({ params, task, log, progress }: TaskContext<Params>): Promise<ComponentResult> {
    if (JSON.stringify(task).includes(params.password)) throw new Error('the task knows it');
    log('info', `password ${params.password}`);
    progress(0.5, { message: `as ${encodeURIComponent(params.password)}` });
    if (params.fail)
      throw new DomainError('unavailable', `no access with ${JSON.stringify(params)}`, {
        details: { tried: [params.password] },
      });
    return Promise.resolve({
      outputs: { value: params.leak ? { deep: [params.password] } : params.password.length },
    });
  }
}

describe('secrets', () => {
  let directory: TemporaryDirectory;
  let artifacts: ArtifactStore;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    artifacts = openArtifactStore(join(directory.path, 'artifacts'));
    await mkdir(join(directory.path, 'secrets'));
    await writeFile(join(directory.path, 'secrets', 'warehouse'), `${secret}\n`);
    await writeFile(join(directory.path, 'outside'), 'not for anybody');
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  const source = () =>
    secretsFrom({
      directory: join(directory.path, 'secrets'),
      variables: { SECRET_API_KEY: 'from-a-variable', SECRET_WAREHOUSE: 'not this one', HOME: '/root' },
    });
  const run = (params: object): Promise<ComponentRun> =>
    runComponent(new Login(), { artifacts, secrets: source(), params: params as never });
  const failure = async (params: object): Promise<DomainError> => {
    const error: unknown = await run(params).catch((thrown: unknown) => thrown);
    if (!(error instanceof DomainError)) throw new Error('did not fail');
    return error;
  };

  it('stand in the params where they are named, and in nothing that is said', async () => {
    const done = await run({
      password: { $secret: 'warehouse' },
      nested: { list: [{ $secret: 'api-key' }] },
    });
    expect(done.outputs).toEqual({ value: secret.length });
    expect(done.log).toEqual([{ level: 'info', message: 'password ***' }]);
    expect(done.progress).toMatchObject([{ message: 'as ***' }]);
  });

  it('are not in errors, nor in their details and stacks', async () => {
    const error = await failure({ password: { $secret: 'warehouse' }, fail: true });
    expect(error).toMatchObject({ code: 'unavailable', retryable: true, details: { tried: ['***'] } });
    expect(error.message).toBe('no access with {"password":"***","fail":true}');
    expect(`${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain('wörd');
  });

  it('are not given out', async () => {
    expect(await failure({ password: { $secret: 'warehouse' }, leak: true })).toMatchObject({
      code: 'internal',
      retryable: false,
      message: "output 'value' holds a secret, which would be kept and cached",
    });
  });

  it.each(['../outside', 'unknown', '', 'a/b', 'x'.repeat(64), '.', 'warehouse\u0000'])(
    'are none: %j',
    async (name) => {
      const error = await failure({ password: { $secret: name } });
      expect(error).toMatchObject({
        code: 'invalid_request',
        retryable: false,
        details: { fields: [{ field: 'params.password' }] },
      });
    },
  );

  it('come from a file before a variable, and only from variables that are secrets', async () => {
    expect(await source().get('warehouse')).toBe(secret);
    expect(await source().get('api-key')).toBe('from-a-variable');
    expect(await source().get('HOME')).toBeUndefined();
    await writeFile(join(directory.path, 'secrets', 'large'), 'x'.repeat(70_000));
    await expect(source().get('large')).rejects.toMatchObject({ code: 'payload_too_large' });
  });

  it('are checked like any other param', async () => {
    expect(await failure({ password: 1, nested: { list: [{ $secret: 'warehouse' }] } })).toMatchObject({
      details: { fields: [{ field: 'params.password' }] },
    });
  });

  it('are not in the log of the service, whichever way they get there', () => {
    let written = '';
    const destination = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written += chunk.toString();
        done();
      },
    });
    const logger = createLogger({ service: 'test', destination });
    const quiet: Logger = redactingLogger(logger, new Redaction([secret]));
    quiet.info({ password: secret, deep: [{ [secret]: secret }] }, `with ${secret}`);
    quiet.child({ user: secret }).error({ err: new Error(`no ${secret}`) }, 'failed %s', secret);
    expect(written.match(/\*\*\*/g)?.length).toBeGreaterThanOrEqual(6);
    expect(written).not.toContain('wörd');
  });

  it('are taken out of any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (hidden, before, after) => {
        fc.pre(!'***'.includes(hidden) && !hidden.includes('*'));
        const redaction = new Redaction([hidden]);
        const text = redaction.text(`${before}${hidden}${after}`);
        expect(text.includes(hidden) && !`${before}***${after}`.includes(hidden)).toBe(false);
        expect(redaction.isIn({ a: [`${before}${hidden}`] })).toBe(true);
      }),
    );
  });
});
