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
});
