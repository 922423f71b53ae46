import { mistakes } from './mistakes.js';
import { startAlteringProxy, type Alter } from './own/altering-proxy.js';
import { startOwnServer, type OwnServer } from './own/start-own-server.js';
import { roads } from './roads.js';
import { runCases } from './suite/run-cases.js';

describe('Millrace conforms', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startOwnServer();
  });
  afterAll(async () => server?.[Symbol.asyncDispose]());

  it('over HTTP, in every case', async () => {
    const results = await runCases(roads['http']!.cases(server.url));
    expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(results.length).toBeGreaterThan(120);
  });

  it.each(mistakes)('and a server is found that $about', async ({ alter, foundBy }) => {
    await using proxy = await startAlteringProxy(server.url, alter);
    const only = (url: string) => roads['http']!.cases(url).filter(({ name }) => name === foundBy);
    expect(await runCases(only(server.url))).toEqual([{ name: foundBy, outcome: 'passed' }]);
    expect(await runCases(only(proxy.url))).toEqual([
      { name: foundBy, outcome: 'failed', message: expect.any(String) },
    ]);
  });

  it('and what a server lacks is skipped, not passed', async () => {
    const nothing: Alter = (answer, path) =>
      path.startsWith('/v2/models/')
        ? { ...answer, status: 404, body: Buffer.from('{"error":"none"}') }
        : answer;
    await using proxy = await startAlteringProxy(server.url, nothing);
    const cases = roads['http']!.cases(proxy.url).filter(({ name }) => /: JSON in, JSON out$/.test(name));
    const results = await runCases(cases);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(13).fill('skipped'));
  });
});
