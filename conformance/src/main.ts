import { writeModels } from './models/write-models.js';
import { installModels } from './models/install-models.js';
import { readArguments, usage } from './read-arguments.js';
import { roads } from './roads.js';
import { runCases, type Result } from './suite/run-cases.js';

const marks = { passed: '\u2713', failed: '\u2717', skipped: '\u2013' } as const;
const show = ({ name, outcome, message }: Result): void =>
  console.log(
    `${marks[outcome]} ${name}${message === undefined ? '' : `\n    ${message.replaceAll('\n', '\n    ')}`}`,
  );

const ask = async (addresses: Readonly<Record<string, string>>): Promise<void> => {
  const results: Result[] = [];
  for (const [road, url] of Object.entries(addresses)) {
    console.log(`${road} ${url}`);
    results.push(...(await runCases(roads[road]!.cases(url), show)));
  }
  const count = (outcome: Result['outcome']): number =>
    results.filter((one) => one.outcome === outcome).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  if (count('failed') > 0 || count('passed') === 0) process.exitCode = 1;
};

/** @returns what is in the way */
const prepare = async (
  addresses: Readonly<Record<string, string>>,
  artifacts: string | undefined,
): Promise<string | undefined> => {
  for (const [road, url] of Object.entries(addresses))
    try {
      await roads[road]!.reach(url);
    } catch (error) {
      return `nobody answers at ${url}: ${(error as Error).message}`;
    }
  const { http } = addresses;
  try {
    if (artifacts !== undefined && http !== undefined) await installModels(http, artifacts);
  } catch (error) {
    return `the models cannot be installed: ${(error as Error).message}`;
  }
  return undefined;
};

const main = async (): Promise<void> => {
  const { problem, addresses, writeTo, artifacts } = readArguments(process.argv.slice(2), Object.keys(roads));
  if (problem !== undefined) {
    console.error(`${problem}\n\n${usage(Object.keys(roads))}`);
    process.exitCode = 2;
  } else if (writeTo !== undefined) {
    await writeModels(writeTo);
    console.log(`the models are in ${writeTo}`);
  } else if (Object.keys(addresses).length > 0) {
    const obstacle = await prepare(addresses, artifacts);
    if (obstacle === undefined) return ask(addresses);
    console.error(obstacle);
    process.exitCode = 2;
  } else {
    const { startOwnServer } = await import('./own/start-own-server.js');
    await using server = await startOwnServer();
    await ask({ http: server.url });
  }
};

await main();
