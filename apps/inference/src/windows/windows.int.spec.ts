import type { CloudEvent, PredictionWindow } from '@millrace/contracts';
import { EventBus, type Consumption } from '@millrace/messaging';
import { ColumnSketch, QuantileSketch, type ColumnSketchJson, type QuantileSketchJson } from '@millrace/ml';
import { eventually } from '@millrace/testing';
import { line, openBench, type Bench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';
import { WindowPublisher } from './window-publisher.js';

type WindowEvent = CloudEvent<PredictionWindow>;

describe('windows', () => {
  let bench: Bench;
  let consumption: Consumption;
  const events: WindowEvent[] = [];
  beforeEach(async () => {
    events.length = 0;
    bench = await openBench();
    consumption = await new EventBus(bench.client).subscribe('test', ['inference.window.closed'], (event) =>
      Promise.resolve(void events.push(event as WindowEvent)),
    );
    bench.deployment.want('line', 2, await putLine(bench.artifacts, 2));
  });
  afterEach(async () => {
    await consumption?.stop();
    await bench?.[Symbol.asyncDispose]();
  });
  /** An event may be delivered again; it is the same then. */
  const rowsOf = () =>
    [...new Map(events.map(({ id, data }) => [id, data])).values()].reduce((sum, { rows }) => sum + rows, 0);

  it('tell what was predicted, and the last of them when the replica stops', async () => {
    const replica = await bench.start({ WINDOW_MS: '100' });
    await bench.settled();
    await bench.infer('line', line(1, 2));
    await bench.infer('line', line('wrong')).catch(() => undefined);
    await eventually(() => rowsOf() === 2 && events.reduce((sum, { data }) => sum + data.errors, 0) === 1);
    const { data, ...event } = events[0]!;
    expect(event).toMatchObject({
      type: 'inference.window.closed',
      source: '/millrace/inference',
      subject: 'line',
    });
    expect(data).toMatchObject({ endpoint: 'line', model: 'm', version: 2, replica: 'r1' });
    expect(data.to > data.from).toBe(true);
    const summary = (name: string) =>
      ColumnSketch.fromJSON(data.sketches[name] as ColumnSketchJson).summary();
    expect(summary('x')).toMatchObject({ count: 2, mean: 1.5 });
    expect(summary('prediction')).toMatchObject({ count: 2, mean: 4 });
    expect(QuantileSketch.fromJSON(data.latency as QuantileSketchJson).quantile(0.5)).toBeGreaterThan(0);

    await replica.stop();
    expect(rowsOf()).toBe(2);
    const last = await bench.start({ WINDOW_MS: '3600000' });
    await bench.settled();
    await bench.infer('line', line(1, 2, 3));
    await last.stop();
    await eventually(() => rowsOf() === 5);
  });

  it('wait while NATS is away, and come once', async () => {
    const replica = await bench.start({ WINDOW_MS: '3600000' });
    const windows = replica.app.get(WindowPublisher, { strict: false });
    await bench.settled();
    for (const rows of [line(1), line(1, 2)]) {
      await bench.infer('line', rows);
      await bench.nats.kill('SIGKILL');
      await windows.publish();
      await windows.publish();
      expect(events).toEqual([]);
      await bench.nats.restart();
      await eventually(async () => (await bench.health()).status === 'ready');
    }
    await windows.publish();
    await eventually(() => rowsOf() === 3, { timeoutMs: 20_000 });
    await replica.stop();
    expect(rowsOf()).toBe(3);
  });
});
