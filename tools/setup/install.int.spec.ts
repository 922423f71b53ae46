import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { isInstalled } from './install.mjs';

describe('isInstalled', () => {
  let directory: TemporaryDirectory;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    mkdirSync(join(directory.path, 'node_modules'));
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  type Packages = Record<string, { version?: string; link?: boolean; optional?: boolean }>;
  const write = (file: string, packages: Packages) =>
    writeFileSync(join(directory.path, file), JSON.stringify({ packages }));
  const wanted = (packages: Packages) => write('package-lock.json', packages);
  const present = (packages: Packages) => write('node_modules/.package-lock.json', packages);

  it('is false before the first install, and after one that was interrupted', () => {
    wanted({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(directory.path)).toBe(false);
  });

  it('is true when npm put there what the lockfile says, whoever ran it', () => {
    wanted({
      '': {},
      'libs/x': { version: '0.1.0' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/x': { link: true },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    });
    present({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/x': { link: true } });
    expect(isInstalled(directory.path)).toBe(true);
  });

  it.each([
    ['a new package', { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } }],
    ['another version', { 'node_modules/a': { version: '2.0.0' } }],
    [
      'a nested one',
      { 'node_modules/a': { version: '1.0.0' }, 'apps/x/node_modules/b': { version: '1.0.0' } },
    ],
  ])('is false again when the lockfile asks for %s', (_, packages) => {
    wanted({ 'node_modules/a': { version: '1.0.0' } });
    present({ 'node_modules/a': { version: '1.0.0' } });
    expect(isInstalled(directory.path)).toBe(true);
    wanted(packages);
    expect(isInstalled(directory.path)).toBe(false);
  });
});
