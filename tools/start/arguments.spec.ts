import { readArguments } from './arguments.mjs';

describe('the arguments of npm start', () => {
  it('are the flights example, apart, until Ctrl-C', () => {
    expect(readArguments([])).toMatchObject({
      once: false,
      standalone: false,
      pipeline: 'examples/flights/pipeline.yaml',
      params: {},
    });
  });

  it('reads parameters as JSON where they are JSON', () => {
    const argv = [
      '--param',
      'rows=5000',
      '--param',
      'name=a=b',
      '--param',
      'fast=true',
      '--param',
      'list=[1]',
    ];
    expect(readArguments(argv).params).toEqual({ rows: 5000, name: 'a=b', fast: true, list: [1] });
  });

  it('takes the name that the millrace command has for the directory as well', () => {
    expect(readArguments(['--state-dir', 'x']).stateDir).toBe('x');
    expect(readArguments(['--state', 'y']).stateDir).toBe('y');
  });

  it.each([
    [['--param', 'rows'], 'expected name=value'],
    [['--port', '0'], 'expected a number from 1 to 65535'],
    [['--port', 'http'], 'expected a number from 1 to 65535'],
    [['--onec'], '--onec'],
    [['--onec'], 'npm start -- --help'],
    [['flights'], 'flights'],
  ])('refuses %j', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(message);
  });
});
