import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@millrace/testing';
import { fromList } from './desired-state.js';
import { ReplicaMemory } from './replica-memory.js';

const endpoint = (revision: number) =>
  fromList([
    {
      endpoint: 'penguins',
      revision,
      targets: [
        {
          model: 'penguins',
          version: 2,
          weight: 100,
          artifact: { type: 'model', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
        },
      ],
    },
  ]);
const state = { desired: endpoint(5), served: endpoint(4) };

describe('ReplicaMemory', () => {
  it('gives back what was saved last, and leaves nothing else behind', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'inference', 'memory.json');
    const memory = new ReplicaMemory(path);
    expect(await memory.load()).toBeUndefined();
    await memory.save({ desired: new Map(), served: new Map() });
    await Promise.all([memory.save(state), memory.save(state)]);
    expect(await new ReplicaMemory(path).load()).toEqual(state);
    expect(await readdir(dirname(path))).toEqual(['memory.json']);
  });

  it.each(['', '{"format":2}', '[]', '{"format":1,"desired":[]}'])(
    'says that %j is not its own',
    async (content) => {
      await using directory = await temporaryDirectory();
      const path = join(directory.path, 'memory.json');
      await writeFile(path, content);
      await expect(new ReplicaMemory(path).load()).rejects.toThrow();
    },
  );
});
