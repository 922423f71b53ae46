import { createHash } from 'node:crypto';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { checkBinary, keptBinary, pinnedVersion } from './binary.mjs';

/**
 * SHA-256 of nats-server-v2.12.8-<platform>.tar.gz. Those for Linux stand in the official image's build files
 * (nats-io/nats-docker, 2.12.x at that release); all four stand in cashapp/hermit-packages, and where both have one they agree.
 */
export const digests = {
  'linux-x64': ['linux-amd64', '6abc397684567e133649688a13564ad6de786d64e88253fbb4f6a3aa8c2fca63'],
  'linux-arm64': ['linux-arm64', '7d20e93c23924cdd5cb6ec51c92f9478c97f9c8a0dbe049dd7ab88af115d622c'],
  'darwin-x64': ['darwin-amd64', '8880e133f45c6974468d351425db9a73ffe3b569850cad2bfbaa349d80939a7f'],
  'darwin-arm64': ['darwin-arm64', '4556a7f617eb532587790344629a6a95261099b236524b764d1f10d6c14aba1a'],
};

const releases = 'https://github.com/nats-io/nats-server/releases/download';

/** The official archive, checked against its pinned digest before anything in it is looked at. */
export const fromRelease = async ({
  stateDir,
  say,
  platform = `${process.platform}-${process.arch}`,
  base = releases,
  answerWithinMs = 5_000,
}) => {
  const [name, digest] = digests[platform] ?? [];
  if (name === undefined) throw new Error(`no pinned archive for ${platform}`);
  const url = `${base}/v${pinnedVersion}/nats-server-v${pinnedVersion}-${name}.tar.gz`;
  const archive = await download(url, say, answerWithinMs);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== digest) throw new Error(`${url} has SHA-256 ${actual}, expected ${digest}: it is not used`);
  const target = keptBinary(stateDir);
  const partial = `${target}.${process.pid}`;
  await writeFile(partial, fileInTar(await promisify(gunzip)(archive), '/nats-server'));
  await chmod(partial, 0o755);
  await rename(partial, target);
  return checkBinary(target);
};

/** The answer has to begin within seconds, so that a closed network is noticed; the body may take its time. */
const download = async (url, say, answerWithinMs, bodyWithinMs = 180_000) => {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), answerWithinMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    say(`downloading ${url}`);
    timer = setTimeout(() => abort.abort(), bodyWithinMs);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const why = abort.signal.aborted ? 'no answer in time' : (error.cause?.code ?? error.message);
    throw new Error(`${new URL(url).host} could not be reached (${why})`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The content of the first file in a POSIX tar whose name ends as given.
 * Header blocks are 512 bytes: name at 0, octal size at 124, type at 156.
 */
export const fileInTar = (tar, ending) => {
  for (let at = 0; at + 512 <= tar.length;) {
    const text = (from, length) =>
      tar.toString('latin1', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = parseInt(text(124, 12).trim() || '0', 8);
    if (text(0, 100).endsWith(ending) && '0\0'.includes(tar.toString('latin1', at + 156, at + 157)))
      return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`the archive holds no file that ends in ${ending}`);
};
