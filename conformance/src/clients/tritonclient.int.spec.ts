import { startOwnServer, type OwnServer } from '../own/start-own-server.js';
import { findPython, runChecks } from './run-python.js';

const scripts = ['tritonclient_http.py', 'tritonclient_http_aio.py'];

describe('tritonclient', () => {
  const { python, lacks } = findPython('tritonclient.http.aio');
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

  it.each(scripts)('works unchanged: %s', async (script) => {
    const checks = await runChecks(python, script, server.url);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(5);
  });
});
