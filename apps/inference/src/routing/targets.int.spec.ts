import { join } from 'node:path';
import {
  headerNames,
  type CloudEvent,
  type PredictionWindow,
  type RecordedAssignments,
  type RoutingOptions,
  type Target,
} from '@millrace/contracts';
import { ensureStreams } from '@millrace/messaging';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine, species, putIdentity } from '../testing/models.js';

describe('the targets of an endpoint', () => {
  let bench: Bench;
  const windows: PredictionWindow[] = [];
  const assignments: RecordedAssignments[] = [];
  beforeAll(async () => {
    bench = await openBench();
    await ensureStreams(bench.nc, 'millrace.v1');
    bench.client.subscribe(
      bench.client.subjects.event('inference.window.closed'),
      (event) => void windows.push((event as CloudEvent<PredictionWindow>).data),
    );
    bench.client.subscribe(
      bench.client.subjects.event('inference.assignments.recorded'),
      (event) => void assignments.push((event as CloudEvent<RecordedAssignments>).data),
    );
    for (const id of ['r1', 'r2'])
      await bench.start({ REPLICA_ID: id, DATA_DIR: join(bench.directory.path, id), WINDOW_MS: '100' });
  });
  afterAll(() => bench?.[Symbol.asyncDispose]());

  /** Version n of a line has the slope n. */
  const target = async (version: number, weight: number, role?: Target['role']): Promise<Target> => ({
    model: 'm',
    version,
    artifact: await putLine(bench.artifacts, version),
    weight,
    ...(role ? { role } : {}),
  });
  const taken = (endpoint: string, revision: number) =>
    eventually(() =>
      ['r1', 'r2'].every((id) =>
        bench.deployment.reports.some(
          (report) => report.endpoint === endpoint && report.revision === revision && report.replica === id,
        ),
      ),
    );
  const want = async (endpoint: string, targets: Target[], routing?: RoutingOptions): Promise<number> => {
    const revision = bench.deployment.wantTargets(endpoint, targets, routing);
    await taken(endpoint, revision);
    return revision;
  };
  const versionOf = async (endpoint: string, headers: Record<string, string> = {}): Promise<string> =>
    (await bench.infer(endpoint, line(1), headers)).model_version!;

  it('are switched without a failed request: prepared beside what answers, and kept to be gone back to', async () => {
    await want('switched', [await target(1, 100)]);
    const versions = new Set<string>();
    let asking = true;
    let answered = 0;
    const callers = Array.from({ length: 8 }, async () => {
      for (; asking; answered++) versions.add(await versionOf('switched'));
    });
    const more = async () => {
      const before = answered;
      await eventually(() => answered > before + 50);
      versions.clear();
      await eventually(() => answered > before + 100);
      return [...versions];
    };
    await want('switched', [await target(1, 100), await target(2, 0, 'standby')]);
    expect(await more()).toEqual(['1']);
    await want('switched', [await target(2, 100), await target(1, 0, 'standby')]);
    expect(await more()).toEqual(['2']);
    await want('switched', [await target(1, 100), await target(2, 0, 'standby')]);
    expect(await more()).toEqual(['1']);
    asking = false;
    await Promise.all(callers);
  });

  it('that are prepared answer those who ask for their version', async () => {
    await want('prepared', [await target(1, 100), await target(2, 0, 'standby')]);
    expect(await versionOf('prepared', { [headerNames.modelVersion]: '2' })).toBe('2');
    await expect(versionOf('prepared', { [headerNames.modelVersion]: '3' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('that cannot be prepared are told of, and change nothing', async () => {
    await want('unprepared', [await target(1, 100)]);
    const broken = {
      ...(await target(2, 0, 'standby')),
      artifact: await putLine(bench.artifacts, 7, () => ({ kind: 'x' })),
    };
    const revision = await want('unprepared', [await target(1, 100), broken]);
    expect(bench.deployment.reportOf('unprepared', revision)).toMatchObject({
      state: 'failed',
      code: 'integrity',
    });
    expect(await versionOf('unprepared')).toBe('1');
  });

  it('share the requests by weight; the same key gets the same one on every replica', async () => {
    await want('sticky', [await target(1, 50), await target(2, 50)], { sticky: true, keyInput: 'x' });
    const keys = Array.from({ length: 40 }, (_, i) => `customer-${i}`);
    const ask = () => Promise.all(keys.map((key) => versionOf('sticky', { [headerNames.routingKey]: key })));
    const chosen = await ask();
    expect(new Set(chosen)).toEqual(new Set(['1', '2']));
    expect(await ask()).toEqual(chosen);
    const byParameter = await Promise.all(
      keys.map(
        async (key) =>
          (await bench.infer('sticky', { ...line(1), parameters: { routing_key: key } })).model_version,
      ),
    );
    expect(byParameter).toEqual(chosen);
    const byInput = async (x: number) =>
      new Set(
        (await Promise.all(keys.map(() => bench.infer('sticky', line(x, 9))))).map(
          (answer) => answer.model_version,
        ),
      );
    expect([(await byInput(3)).size, (await byInput(4)).size]).toEqual([1, 1]);
    const reply = await bench.inferRaw('sticky', Buffer.from(JSON.stringify(line(1))), {
      [headerNames.routingKey]: keys[0]!,
    });
    expect(reply.header(headerNames.modelVersion)).toBe(chosen[0]);
  });

  it('with other inputs get the request as they read it', async () => {
    const other = { ...(await target(2, 50)), artifact: await putIdentity(bench.artifacts, 'FP64') };
    await want('mixed', [await target(1, 50), other], { sticky: true });
    const body = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [1] }] };
    const outcomes = await Promise.all(
      species.concat(Array.from({ length: 20 }, (_, i) => `k${i}`)).map((key) =>
        bench.infer('mixed', { ...body, parameters: { routing_key: key } }).then(
          ({ model_version }) => model_version,
          ({ message }: Error) => message,
        ),
      ),
    );
    expect(new Set(outcomes)).toEqual(new Set(['1', expect.stringContaining('FP64')]));
  });

  it('must have the input that requests are told apart by', async () => {
    const revision = await want('keyless', [await target(1, 100)], { sticky: true, keyInput: 'customer' });
    expect(bench.deployment.reportOf('keyless', revision)).toMatchObject({
      state: 'failed',
      error: "routing.keyInput: m version 1 has no input 'customer'; it has 'x'",
    });
  });

  it('are told apart in windows, by revision and role, with whose mistake an error was', async () => {
    const revision = await want('told', [await target(1, 100), await target(2, 0, 'standby')]);
    await bench.infer('told', line(1));
    await bench.infer('told', line('wrong')).catch(() => undefined);
    await bench.infer('told', line(1), { [headerNames.modelVersion]: '2' });
    const of = (version: number) =>
      windows.filter((window) => window.endpoint === 'told' && window.version === version);
    const sum = (version: number, count: 'requests' | 'errors' | 'faults') =>
      of(version).reduce((all, window) => all + window[count]!, 0);
    await eventually(() => sum(1, 'requests') === 2 && sum(2, 'requests') === 1);
    expect([sum(1, 'errors'), sum(1, 'faults')]).toEqual([1, 0]);
    expect(of(1)[0]).toMatchObject({ revision });
    expect(of(1)[0]).not.toHaveProperty('role');
    expect(of(2)[0]).toMatchObject({ revision, role: 'standby' });
  });

  it('in the shadow never answer, and are compared', async () => {
    await want('shadowed', [await target(1, 100), await target(3, 0, 'shadow')], {
      shadow: { tolerance: 0.5 },
    });
    expect((await bench.infer('shadowed', line(1, 2))).outputs[0]!.data).toEqual([2, 3]);
    const window = await eventually(() =>
      windows.find(({ endpoint, version }) => endpoint === 'shadowed' && version === 3),
    );
    // 4 beside 2, and 7 beside 3: the half of 7 is less than what lies between.
    expect(window).toMatchObject({
      ...{ role: 'shadow', requests: 1, rows: 2, errors: 0 },
      comparison: { rows: 2, agreed: 1, largestDifference: 4, largestDifferenceIn: 'prediction' },
    });
  });

  it('whose keys are recorded are, each once', async () => {
    const routing = { sticky: true, recordAssignments: true };
    const revision = await want('recorded', [await target(1, 50), await target(2, 50)], routing);
    const keys = ['a', 'b', 'c', 'd'];
    const chosen: [string, number][] = [];
    for (const key of [...keys, ...keys])
      chosen.push([key, Number(await versionOf('recorded', { [headerNames.routingKey]: key }))]);
    await bench.infer('recorded', line(1));
    const recorded = () => assignments.filter(({ endpoint }) => endpoint === 'recorded');
    await eventually(
      () => new Set(recorded().flatMap((batch) => batch.assignments.map(({ key }) => key))).size === 4,
    );
    const all = recorded().flatMap((batch) => batch.assignments);
    // By each replica that was asked.
    expect(all.length).toBeLessThanOrEqual(8);
    expect(new Map(all.map(({ key, version }) => [key, version]))).toEqual(new Map(chosen));
    expect(recorded()[0]).toMatchObject({ revision, dropped: 0, replica: expect.stringMatching(/r[12]/) });
    expect(all[0]).toMatchObject({ model: 'm', at: expect.any(String) });
  });

  it('are known to whoever looks for replicas', async () => {
    const replies = await bench.client.requestMany('$SRV.PING.inference', {}, { maxWaitMs: 300 });
    const names = replies.map(
      (reply) => (reply as { metadata: Record<string, string> }).metadata['millrace.replica'],
    );
    expect(names.sort()).toEqual(['r1', 'r2']);
  });
});
