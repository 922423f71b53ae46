import { parseArgs } from 'node:util';

export interface Arguments {
  /** What is wrong with them. */
  problem?: string;
  /** By road. */
  addresses: Readonly<Record<string, string>>;
  writeTo?: string | undefined;
  artifacts?: string | undefined;
}

export const usage = (roads: readonly string[]): string =>
  `npm run conformance [-- options]
  without options            starts a Millrace, and asks that
${roads.map((road) => `  --${road} URL`.padEnd(29) + `asks the server there over ${road}`).join('\n')}
  --install ARTIFACTS_URL    before that: registers and deploys the suite's models on the Millrace behind --http
  --write-models DIRECTORY   only writes the suite's models, as a model repository for another server`;

/** @param roads names of the roads, each an option that takes an address */
export const readArguments = (args: readonly string[], roads: readonly string[]): Arguments => {
  const text = { type: 'string' } as const;
  const options = Object.fromEntries([...roads, 'install', 'write-models'].map((name) => [name, text]));
  let values: Record<string, string | undefined>;
  try {
    ({ values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }));
  } catch (error) {
    return { problem: (error as Error).message, addresses: {} };
  }
  const { install: artifacts, 'write-models': writeTo, ...rest } = values;
  const addresses = rest as Record<string, string>;
  const { http } = addresses;
  if (http !== undefined && !(URL.canParse(http) && /^https?:/.test(http)))
    return { problem: `--http must be a URL such as http://localhost:8080, not '${http}'`, addresses: {} };
  if (artifacts !== undefined && http === undefined)
    return { problem: '--install needs --http', addresses: {} };
  return { addresses, artifacts, writeTo };
};
