import { parseCompletion } from './parse-completion.js';
import { parseProgress } from './parse-progress.js';

const completion = {
  run: 'r',
  step: 's',
  attempt: 1,
  token: 2,
  worker: 'w',
  result: { status: 'succeeded', outputs: { a: 1 }, metrics: { auc: 0.9, name: 'x' } },
  startedAt: 1,
  finishedAt: 2,
};

describe('parseCompletion', () => {
  it('takes what is one, and of its metrics the numbers', () => {
    expect(parseCompletion(completion)).toEqual({
      ...completion,
      result: { status: 'succeeded', outputs: { a: 1 }, metrics: { auc: 0.9 } },
    });
  });

  it('takes as not done only what failed', () => {
    const failed = { status: 'failed', error: { code: 'cancelled', message: 'again', retryable: false } };
    expect(parseCompletion({ ...completion, result: failed, redelivered: 2 })).toMatchObject({
      redelivered: 2,
    });
    for (const odd of [
      { redelivered: 2 },
      { result: failed, redelivered: '2' },
      { result: failed, redelivered: 1.5 },
    ])
      expect(parseCompletion({ ...completion, ...odd })).not.toHaveProperty('redelivered');
  });

  it('makes do with an error that says little, and cuts one that says too much', () => {
    const failed = (error: unknown) =>
      parseCompletion({ ...completion, result: { status: 'failed', error } })?.result;
    expect(failed(undefined)).toEqual({
      status: 'failed',
      error: { code: 'internal', message: 'failed without a message', retryable: false },
    });
    expect(
      failed({
        code: 'data_invalid',
        message: 'x'.repeat(9_000),
        retryable: 'yes',
        details: { x: 'y'.repeat(20_000) },
      }),
    ).toEqual({
      status: 'failed',
      error: { code: 'data_invalid', message: 'x'.repeat(4_000), retryable: false },
    });
  });

  it.each([
    ['nothing', null],
    ['a list', [completion]],
    ['no run', { ...completion, run: undefined }],
    ['a token that is no number', { ...completion, token: '2' }],
    ['no result', { ...completion, result: 'succeeded' }],
    ['no outputs', { ...completion, result: { status: 'succeeded' } }],
    ['another status', { ...completion, result: { status: 'done', outputs: {} } }],
    ['a name without end', { ...completion, step: 's'.repeat(1_000) }],
  ])('does not understand %s', (_, value) => {
    expect(parseCompletion(value)).toBeUndefined();
  });
});

describe('parseLog', () => {
  const line = { n: 1, at: 5, level: 'warn', message: 'm' };

  it('takes lines that are some, cuts what is too long, and knows a time when it sees one', () => {
    const lines = [
      line,
      { ...line, n: 2, at: 1e300, level: 'loud', message: 'x'.repeat(9_000) },
      { ...line, n: 0 },
      { ...line, n: 1.5 },
      { ...line, message: 7 },
      null,
    ];
    expect(parseCompletion({ ...completion, log: { source: 's', lines } })?.log).toEqual({
      source: 's',
      lines: [line, { n: 2, at: 0, level: 'info', message: 'x'.repeat(4_000) }],
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'log'],
    ['no source', { lines: [line] }],
    ['no lines', { source: 's', lines: {} }],
    ['no line that is one', { source: 's', lines: [1, 2] }],
  ])('makes nothing of %s, and the completion counts all the same', (_, log) => {
    const parsed = parseCompletion({ ...completion, log });
    expect(parsed).toMatchObject({ run: 'r', token: 2 });
    expect(parsed).not.toHaveProperty('log');
  });
});

describe('parseProgress', () => {
  it('takes what is one', () => {
    const progress = { run: 'r', step: 's', token: 1, worker: 'w', at: 5 };
    expect(parseProgress({ ...progress, fraction: 0.5 })).toEqual(progress);
    expect(parseProgress({ ...progress, probe: 'a-Z_9' })).toEqual({ ...progress, probe: 'a-Z_9' });
    for (const probe of ['', 'a.b', 'a b', '>', '*', 'x'.repeat(65), 7, null])
      expect(parseProgress({ ...progress, probe })).toEqual(progress);
    expect(parseProgress({ ...progress, log: { level: 'loud', message: 'm' } })).toEqual({
      ...progress,
      log: { level: 'info', message: 'm' },
    });
  });

  it.each([[undefined], ['text'], [{ run: 'r', step: 's' }], [{ run: 1, step: 's', token: 1 }]])(
    'does not understand %j',
    (value) => {
      expect(parseProgress(value)).toBeUndefined();
    },
  );
});
