import { readArguments } from './read-arguments.js';

const read = (...args: string[]) => readArguments(args, ['http', 'grpc']);

it('reads addresses by road', () => {
  expect(read('--http', 'http://h:1', '--grpc=h:2')).toEqual({
    addresses: { http: 'http://h:1', grpc: 'h:2' },
  });
  expect(read()).toEqual({ addresses: {} });
});

it('reads what is to be done besides', () => {
  expect(read('--http', 'http://h', '--install', '/data/artifacts')).toMatchObject({
    artifacts: '/data/artifacts',
  });
  expect(read('--write-models', 'models')).toMatchObject({ writeTo: 'models' });
});

it.each([
  [['--http', 'localhost:8080'], /--http must be a URL/],
  [['--htp', 'http://h'], /--htp/],
  [['http://h'], /http:\/\/h/],
  [['--install', '/data'], /needs --http/],
])('says what is wrong with %j', (args, problem) => {
  expect(read(...args).problem).toMatch(problem);
});
