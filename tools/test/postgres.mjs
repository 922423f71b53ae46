import { existsSync, readdirSync } from 'node:fs';
import { asRoot } from '../nats/from-apt.mjs';
import { run } from '../setup/command.mjs';
import { step, yellow } from '../setup/terminal.mjs';

const isInstalled = () =>
  existsSync('/usr/lib/postgresql') &&
  readdirSync('/usr/lib/postgresql').some((version) => /^\d+$/.test(version));

/** One throwaway server for all tests; where there can be none, their PostgreSQL halves are skipped, and that is said. */
export const startTestPostgres = async ({ say }) => {
  if (process.env.MILLRACE_TEST_POSTGRES_URL) return { env: {}, stop: async () => {} };
  if (!isInstalled()) await step('installing PostgreSQL for the tests', installPackage).catch(() => {});
  if (isInstalled()) {
    const { startPostgres } = await import('@millrace/testing');
    const server = await step('starting PostgreSQL for the tests', () => startPostgres());
    return { env: { MILLRACE_TEST_POSTGRES_URL: server.url }, stop: () => server.stop() };
  }
  say(
    yellow(
      'PostgreSQL is not installed and cannot be: the tests run on SQLite only (apt-get install postgresql).',
    ),
  );
  return { env: { MILLRACE_TEST_POSTGRES: 'skip' }, stop: async () => {} };
};

const installPackage = async () => {
  const elevated = await asRoot();
  if (process.platform !== 'linux' || !elevated)
    throw new Error('it can be installed by apt-get only, as root');
  const apt = (...args) => {
    const [command, ...rest] = [...elevated, 'apt-get', ...args];
    return run(command, rest, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 300_000,
    });
  };
  const patience = ['-o', 'Acquire::http::Timeout=10', '-o', 'DPkg::Lock::Timeout=20'];
  const packages = ['install', '-y', '-q', '--no-install-recommends', ...patience, 'postgresql'];
  await apt(...packages).catch(async () => {
    await apt('update', '-q', ...patience);
    await apt(...packages);
  });
};
