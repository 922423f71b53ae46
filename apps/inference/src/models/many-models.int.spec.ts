import { line, openBench } from '../testing/bench.js';
import { putLine } from '../testing/models.js';

describe('a hundred models on one replica', () => {
  const names = Array.from({ length: 100 }, (_, i) => `m-${i}`);

  it('are all served, with room for ten: those sleep that nobody asks, and wake when they are asked', async () => {
    await using bench = await openBench();
    for (const [i, name] of names.entries())
      bench.deployment.want(name, 1, await putLine(bench.artifacts, i));
    await bench.start({ MAX_MODELS_IN_MEMORY: '10' });
    // Each is tried in a process of its own first.
    await bench.settled({ timeoutMs: 60_000 });
    const ask = async (i: number) => (await bench.infer(names[i]!, line(2))).outputs[0]!.data;
    for (const i of names.keys()) expect(await ask(i)).toEqual([2 * i + 1]);
    // All at once, each several times, and again in another order: nobody is refused while models come and go.
    const order = [...names.keys(), ...names.keys(), ...[...names.keys()].reverse()];
    expect(await Promise.all(order.map(ask))).toEqual(order.map((i) => [2 * i + 1]));
  });
});
