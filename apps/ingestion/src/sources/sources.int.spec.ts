import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { resolveFile } from './file-source.js';
import { resolvePackageFile } from './package-source.js';

describe('sources', () => {
  let directory: TemporaryDirectory;
  const at = (...names: string[]) => join(directory.path, ...names);

  /** roots a and b; a secret beside them; a package `vega` with a file, and links that lead out of both. */
  beforeAll(async () => {
    directory = await temporaryDirectory();
    for (const path of [
      'a/deep',
      'b',
      'a-secret',
      'node_modules/vega/data',
      'node_modules/@scope/p',
      'other',
    ])
      await mkdir(at(path), { recursive: true });
    for (const path of [
      'a/x.csv',
      'b/y.csv',
      'a/deep/z.csv',
      'a-secret/s.csv',
      'node_modules/vega/data/v.csv',
    ])
      await writeFile(at(path), 'a\n1\n');
    await writeFile(at('node_modules/@scope/p/w.csv'), 'a\n1\n');
    await symlink(at('a-secret/s.csv'), at('a/link.csv'));
    await symlink(at('a-secret'), at('a/linked'));
    await symlink(at('a/deep/z.csv'), at('a/fine.csv'));
    await symlink('/etc/passwd', at('node_modules/vega/data/passwd'));
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  const file = (source: string) => resolveFile(source, [at('a'), at('b')]);
  const packaged = (source: string) =>
    resolvePackageFile(source, { from: at('other'), allowed: ['vega', '@scope/p', 'absent'] });

  it.each([
    ['x.csv', 'a/x.csv'],
    ['y.csv', 'b/y.csv'],
    ['./deep/../deep/z.csv', 'a/deep/z.csv'],
    ['fine.csv', 'a/deep/z.csv'],
  ])('%s is %s', async (source, path) => {
    expect(await file(source)).toBe(at(path));
    expect(await file(at(path))).toBe(at(path));
  });

  it.each([
    '../a-secret/s.csv',
    '/etc/passwd',
    'deep/../../a-secret/s.csv',
    'link.csv',
    'linked/s.csv',
    '..',
  ])('refuses %s, which is elsewhere', async (source) => {
    await expect(file(source)).rejects.toMatchObject({
      code: 'forbidden',
      details: { fields: [{ field: 'params.source' }] },
    });
  });

  it('does not tell whether a file elsewhere exists', async () => {
    const told = (source: string) => file(source).catch((error: Error) => error.message.replace(source, ''));
    expect(await told('../a-secret/s.csv')).toBe(await told('../a-secret/none.csv'));
  });

  it.each(['none.csv', 'x.csv/none', 'none/../x.csv/none'])('says that %s does not exist', async (source) => {
    await expect(file(source)).rejects.toMatchObject({
      code: 'not_found',
      message: `source '${source}' does not exist below SOURCE_ROOTS (${at('a')}, ${at('b')})`,
    });
  });

  it('refuses everything when there are no roots', async () => {
    await expect(resolveFile('x.csv', [])).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('finds files of allowed packages', async () => {
    expect(await packaged('npm:vega/data/v.csv')).toBe(at('node_modules/vega/data/v.csv'));
    expect(await packaged('npm:@scope/p/w.csv')).toBe(at('node_modules/@scope/p/w.csv'));
  });

  it.each([
    ['npm:vega/../@scope/p/w.csv', 'forbidden'],
    ['npm:vega/data/../../../a-secret/s.csv', 'forbidden'],
    ['npm:vega//etc/passwd', 'forbidden'],
    ['npm:vega/data/passwd', 'forbidden'],
    ['npm:typeorm/package.json', 'forbidden'],
    ['npm:vega/none.csv', 'not_found'],
    ['npm:absent/x.csv', 'not_found'],
    ['npm:../a-secret/s.csv', 'invalid_request'],
    ['npm:.bin/x', 'invalid_request'],
    ['npm:vega', 'invalid_request'],
  ])('refuses %s: %s', async (source, code) => {
    await expect(packaged(source)).rejects.toMatchObject({ code });
  });
});
