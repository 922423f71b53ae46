import { GroupCommit, type Work } from './group-commit.js';

/** A store whose transactions can be held back and that undoes what fails. */
const open = () => {
  const committed: string[][] = [];
  const gates: (() => void)[] = [];
  const group = new GroupCommit<string[]>(async (work: Work<string[]>) => {
    const lines: string[] = [];
    await work(lines);
    await new Promise<void>((resolve) => gates.push(resolve));
    committed.push(lines);
  });
  const write =
    (line: string): Work<string[]> =>
    async (lines) =>
      void lines.push(line);
  const proceed = async () => {
    while (
      gates.length > 0 ||
      (await new Promise((resolve) => setImmediate(() => resolve(gates.length > 0))))
    )
      gates.shift()?.();
  };
  return { committed, group, write, proceed };
};

describe('GroupCommit', () => {
  it('lets what comes during one transaction share the next', async () => {
    const { committed, group, write, proceed } = open();
    const all = Promise.all(['a', 'b', 'c'].map((line) => group.commit(write(line))));
    await proceed();
    await all;
    expect(committed).toEqual([['a'], ['b', 'c']]);
  });

  it('lets nobody fail for the sake of another', async () => {
    const { committed, group, write, proceed } = open();
    const fails: Work<string[]> = () => Promise.reject(new Error('mine'));
    const all = Promise.allSettled([
      group.commit(write('a')),
      group.commit(write('b')),
      group.commit(fails),
      group.commit(write('c')),
    ]);
    await proceed();
    expect((await all).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(committed).toEqual([['a'], ['b'], ['c']]);
    const later = group.commit(write('d'));
    await proceed();
    await later;
    expect(committed.at(-1)).toEqual(['d']);
  });
});
