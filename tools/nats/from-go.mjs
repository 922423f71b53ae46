import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { checkBinary, keptBinary, pinnedVersion } from './binary.mjs';

const run = promisify(execFile);

/** Built from source by Go, whose checksum database vouches for it. */
export const fromGo = async ({ stateDir, env, say }) => {
  const { stdout } = await run('go', ['env', 'GOPROXY']).catch(() => {
    throw new Error('no Go here');
  });
  await reachable(stdout.trim(), env);
  const target = keptBinary(stateDir);
  say(`building nats-server ${pinnedVersion} with Go (about a minute)`);
  await run('go', ['install', `github.com/nats-io/nats-server/v2@v${pinnedVersion}`], {
    env: { ...env, GOBIN: dirname(target), GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'auto', CGO_ENABLED: '0' },
    timeout: 600_000,
  }).catch((error) => {
    throw new Error(`go install: ${(error.stderr || error.message).trim().split('\n').at(-1)}`);
  });
  return checkBinary(target);
};

/** Go itself waits minutes for a proxy that doesn't answer. */
const reachable = async (goproxy, env) => {
  const first = goproxy.split(/[,|]/)[0];
  if (!/^https?:/.test(first) || env.HTTPS_PROXY || env.https_proxy) return;
  const { hostname, port, protocol } = new URL(first);
  await new Promise((resolve, reject) => {
    const socket = connect(Number(port || (protocol === 'http:' ? 80 : 443)), hostname);
    const fail = () => (socket.destroy(), reject(new Error(`${hostname} could not be reached`)));
    socket
      .setTimeout(3_000, fail)
      .once('error', fail)
      .once('connect', () => (socket.destroy(), resolve()));
  });
};
