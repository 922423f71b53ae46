import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@millrace/testing';
import { DesiredFile } from './desired-file.js';
import { fromList } from './desired-state.js';

const state = fromList([
  {
    endpoint: 'penguins',
    revision: 4,
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

describe('DesiredFile', () => {
  it('gives back what was saved last, and leaves nothing else behind', async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'inference', 'desired.json');
    const file = new DesiredFile(path);
    expect(await file.load()).toBeUndefined();
    await file.save(new Map());
    await Promise.all([file.save(state), file.save(state)]);
    expect(await new DesiredFile(path).load()).toEqual(state);
    expect(await readdir(dirname(path))).toEqual(['desired.json']);
  });

  it.each(['', '{"format":2}', '[]', '{"format":1}'])('says that %j is not its own', async (content) => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, 'desired.json');
    await writeFile(path, content);
    await expect(new DesiredFile(path).load()).rejects.toThrow();
  });
});
