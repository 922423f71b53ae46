import { decodeJson } from '@millrace/messaging';
import type { Msg } from '@nats-io/transport-node';
import { TestGateway } from '../testing/gateway.js';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('REST, operations on runs', () => {
  let gateway: TestGateway;
  const asked: [subject: string, request: object][] = [];
  beforeAll(async () => {
    gateway = await TestGateway.start();
    for (const name of [
      ...['lineage.get', 'lineage.run', 'run.search', 'step.search', 'step.why', 'run.replay', 'run.compare'],
      ...['deadletter.get', 'deadletter.requeue', 'backfill.start', 'backfill.pause', 'history.prune'],
      'pipeline.version',
    ])
      await gateway.answer(`orchestrator.${name}`, (message: Msg) => {
        asked.push([name, decodeJson(message.data) as object]);
        return {};
      });
  });
  afterAll(() => gateway.stop());

  it.each<
    [method: string, path: string, body: object | undefined, status: number, name: string, request: object]
  >([
    [
      'GET',
      `/v1/lineage/${digest}?direction=up&depth=3`,
      undefined,
      200,
      'lineage.get',
      { digest, direction: 'up', depth: 3 },
    ],
    ['GET', '/v1/runs/r1/lineage', undefined, 200, 'lineage.run', { run: 'r1' }],
    [
      'GET',
      '/v1/search/runs?status=failed,running&text=a%25b',
      undefined,
      200,
      'run.search',
      { status: 'failed,running', text: 'a%b' },
    ],
    [
      'GET',
      '/v1/search/steps?limit=5&component=x.y',
      undefined,
      200,
      'step.search',
      { limit: 5, component: 'x.y' },
    ],
    ['GET', '/v1/runs/r1/steps/fit%5B0%5D/why', undefined, 200, 'step.why', { run: 'r1', step: 'fit[0]' }],
    ['POST', '/v1/runs/r1/replay', { from: ['fit'] }, 201, 'run.replay', { run: 'r1', from: ['fit'] }],
    ['GET', '/v1/runs/r2/compare/r1', undefined, 200, 'run.compare', { run: 'r2', other: 'r1' }],
    ['GET', '/v1/dead-letters/r1/fit', undefined, 200, 'deadletter.get', { run: 'r1', step: 'fit' }],
    ['POST', '/v1/dead-letters/r1/fit/requeue', {}, 200, 'deadletter.requeue', { run: 'r1', step: 'fit' }],
    [
      'POST',
      '/v1/backfills',
      { pipeline: 'p', from: '2026-01-01', to: '2026-01-02' },
      201,
      'backfill.start',
      { pipeline: 'p', from: '2026-01-01', to: '2026-01-02' },
    ],
    ['POST', '/v1/backfills/b1/pause', {}, 200, 'backfill.pause', { backfill: 'b1' }],
    ['POST', '/v1/history/prune', { maxRuns: 5 }, 200, 'history.prune', { maxRuns: 5 }],
    ['GET', '/v1/pipelines/p/versions/3', undefined, 200, 'pipeline.version', { name: 'p', version: 3 }],
  ])('%s %s', async (method, path, body, status, name, request) => {
    const response = body ? await gateway.send(method, path, body) : await gateway.fetch(path);
    expect(response.status).toBe(status);
    expect(asked.at(-1)).toEqual([name, request]);
  });

  it.each([
    ['/v1/lineage/nonsense', 'digest'],
    ['/v1/search/runs?since=today', 'since'],
    ['/v1/search/steps?status=failed,', 'status'],
    ['/v1/pipelines/p/versions/last', 'version'],
  ])('refuses %s', async (path, field) => {
    const response = await gateway.fetch(path);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field }] });
  });
});
