import { startOwnServer, type OwnServer } from '../own/start-own-server.js';
import { findPython, runChecks } from './run-python.js';

const scripts = [
  ['tritonclient_http.py', 'url'],
  ['tritonclient_http_aio.py', 'url'],
  ['tritonclient_grpc.py', 'grpcAddress'],
  ['tritonclient_grpc_aio.py', 'grpcAddress'],
] as const;

describe('tritonclient', () => {
  const { python, lacks } = findPython('tritonclient.http.aio, tritonclient.grpc.aio');
  if (python === undefined) {
    console.warn(`not run: ${lacks}`);
    it.skip(`needs Python: ${lacks}`, () => {});
    return;
  }
  let server: OwnServer;
  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(async () => server?.[Symbol.asyncDispose]());

  it.each(scripts)('works unchanged: %s', async (script, address) => {
    const checks = await runChecks(python, script, server[address]);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
  });
});
