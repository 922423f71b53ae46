import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startNats, temporaryDirectory, type TemporaryDirectory } from '@millrace/testing';
import { digests, fileInTar, fromRelease } from './from-release.mjs';
import { locateNats } from './index.mjs';

/** One file as POSIX tar has it. */
const tarOf = (name: string, content: string): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
};

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('looking for nats-server', () => {
  let directory: TemporaryDirectory;
  let stateDir: string;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    stateDir = directory.path;
  });
  afterEach(() => directory[Symbol.asyncDispose]());

  const program = (path: string, output: string): void => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho '${output}'\n`);
    chmodSync(path, 0o755);
  };

  it('takes the one that NATS_URL names, if it has JetStream', async () => {
    await using nats = await startNats();
    const found = await locateNats({ stateDir, env: { NATS_URL: nats.url } });
    expect(found).toMatchObject({ how: 'NATS_URL', url: nats.url });
    expect(found.binary).toBeUndefined();
  });

  it('passes over NATS_URL, saying why, when nobody answers there or it has no JetStream', async () => {
    await using plain = await startNats({ jetstream: false });
    for (const [url, why] of [
      [plain.url, 'without JetStream'],
      ['nats://127.0.0.1:1', 'ECONNREFUSED'],
    ] as const) {
      const said: string[] = [];
      await locateNats({
        stateDir,
        env: { NATS_URL: url },
        say: (line) => said.push(line),
        only: ['NATS_URL'],
      }).catch(() => {});
      expect(said.join()).toContain(why);
    }
  });

  it('never shows the password in NATS_URL', async () => {
    await using plain = await startNats({ jetstream: false });
    const env = { NATS_URL: plain.url.replace('//', '//me:secret@') };
    await expect(locateNats({ stateDir, env, only: ['NATS_URL'] })).rejects.toThrow(/^(?!.*secret)/s);
  });

  it('does not wait for a server that accepts and says nothing', async () => {
    const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const env = { NATS_URL: `nats://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    await expect(locateNats({ stateDir, env, only: ['NATS_URL'] })).rejects.toThrow('does not answer');
    silent.close();
  });

  it('prefers one on PATH to one kept from before, and that to fetching', async () => {
    program(join(stateDir, 'bin/nats-server'), 'nats-server: v2.12.8');
    program(join(stateDir, 'path/nats-server'), 'nats-server: v2.10.1');
    const only = ['PATH', 'an earlier start', 'official release'];
    const env = { PATH: join(stateDir, 'path') };
    expect(await locateNats({ stateDir, env, only })).toMatchObject({ version: '2.10.1' });
    expect(await locateNats({ stateDir, env: {}, only: only.slice(1) })).toMatchObject({
      how: 'an earlier start',
      version: '2.12.8',
    });
  });

  it.each([
    ['nats-server: v2.8.4', 'version 2.8.4; 2.9 or later is needed'],
    ['hello', 'is not a nats-server'],
  ])('passes over one that prints %j', async (output, reason) => {
    program(join(stateDir, 'path/nats-server'), output);
    const env = { NATS_SERVER_BIN: join(stateDir, 'path/nats-server') };
    await expect(locateNats({ stateDir, env, only: ['PATH'] })).rejects.toThrow(reason);
  });

  it('tells what was tried and what helps when all ways fail', async () => {
    const only = ['NATS_URL', 'an earlier start'];
    await expect(locateNats({ stateDir, env: {}, only })).rejects.toThrow(
      /NATS_URL\s+not set[\s\S]*an earlier start\s+none yet[\s\S]*apt-get install nats-server/,
    );
  });

  describe('the official archive', () => {
    it('is pinned for the usual platforms', () => {
      expect(Object.keys(digests)).toEqual(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']);
      for (const [, digest] of Object.values(digests)) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    });

    it('is not used when its digest is another', async () => {
      const archive = gzipSync(tarOf('nats-server-v2/nats-server', 'evil'));
      const server = createServer((_, response) => response.end(archive));
      const base = await listening(server);
      const release = fromRelease({ stateDir, say: () => {}, platform: 'linux-x64', base });
      await expect(release).rejects.toThrow('it is not used');
      server.close();
    });

    it('is given up within seconds when the host does not answer', async () => {
      const server = createServer(() => {});
      const base = await listening(server);
      const release = fromRelease({
        stateDir,
        say: () => {},
        platform: 'linux-x64',
        base,
        answerWithinMs: 100,
      });
      await expect(release).rejects.toThrow('no answer in time');
      server.closeAllConnections();
      server.close();
    });

    it('is not there for a platform without a digest', async () => {
      await expect(fromRelease({ stateDir, say: () => {}, platform: 'sunos-x64' })).rejects.toThrow(
        'sunos-x64',
      );
    });

    it('yields its program', () => {
      const tar = Buffer.concat([
        tarOf('d/LICENSE', 'free').subarray(0, 1024),
        tarOf('d/nats-server', 'program'),
      ]);
      expect(fileInTar(tar, '/nats-server').toString()).toBe('program');
      expect(() => fileInTar(tar, '/none')).toThrow('no file that ends in /none');
    });
  });
});
