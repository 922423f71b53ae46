import { fromApt } from './from-apt.mjs';
import { fromGo } from './from-go.mjs';
import { fromPath } from './from-path.mjs';
import { fromRelease } from './from-release.mjs';
import { fromUrl } from './from-url.mjs';
import { kept } from './kept.mjs';

/** In the order in which they are tried: what is there already, then what has to be fetched. */
const ways = [
  { name: 'NATS_URL', find: fromUrl },
  { name: 'PATH', find: fromPath },
  { name: 'an earlier start', find: kept },
  { name: 'official release', find: fromRelease },
  { name: 'Debian package', find: fromApt },
  { name: 'go install', find: fromGo },
];

/**
 * Finds a NATS server, or the means to start one.
 * @param {{ stateDir: string, env?: NodeJS.ProcessEnv, say?: (line: string) => void, only?: string[] }} options
 * @returns {Promise<{ how: string, version: string, url?: string, binary?: string }>} `url`: it runs already
 * @throws with what was tried and what a person can do
 */
export const locateNats = async ({ stateDir, env = process.env, say = () => {}, only }) => {
  const tried = [];
  for (const way of ways.filter(({ name }) => !only || only.includes(name))) {
    try {
      return { how: way.name, ...(await way.find({ stateDir, env, say })) };
    } catch (error) {
      tried.push({ way: way.name, reason: error.message });
      // Somebody who sets it means it: going on without a word would puzzle them.
      if (way.name === 'NATS_URL' && env.NATS_URL) say(`NATS_URL is passed over: ${error.message}`);
    }
  }
  throw new NoNatsServer(tried);
};

export class NoNatsServer extends Error {
  constructor(tried) {
    const width = Math.max(...tried.map(({ way }) => way.length));
    super(
      [
        'No nats-server could be had:',
        ...tried.map(({ way, reason }) => `  ${way.padEnd(width)}  ${reason}`),
        '',
        'Any one of these helps:',
        '  - install it:     apt-get install nats-server  |  brew install nats-server',
        '  - download it:    https://github.com/nats-io/nats-server/releases, then put it on PATH or name it by NATS_SERVER_BIN',
        '  - use a running one (with JetStream):  NATS_URL=nats://host:4222 npm start',
      ].join('\n'),
    );
    this.name = 'NoNatsServer';
    this.tried = tried;
  }
}
