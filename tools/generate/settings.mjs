import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listServices } from '../supervisor/services.mjs';

const baseFile = 'libs/service/src/env/base.env.ts';

/** The EnvDto of an app (from what was built) and the files that say what its settings mean. */
const envOf = async (root, app) => {
  const config = join(root, 'apps', app, 'src/config');
  const file = readdirSync(config).find((name) => name.endsWith('.env.ts'));
  const built = join(root, 'apps', app, 'dist/config', file.replace(/\.ts$/, '.js'));
  const exported = Object.values(await import(pathToFileURL(built).href));
  const Env = exported.find((value) => typeof value === 'function' && value.name.endsWith('Env'));
  const sources = [join(root, baseFile), join(config, file)].map((path) => readFileSync(path, 'utf8'));
  return { Env, sources };
};

const textOf = (value) => (value === undefined ? '' : String(value));

const exampleOf = (app, settings) =>
  [
    `# Settings of ${app}; generated from its EnvDto (npm run generate). Copy to .env and uncomment what you change:`,
    '# npm start and millrace up read it.',
    ...settings.flatMap(({ name, description, required, ...setting }) => [
      '',
      ...(description ? [`# ${description}`] : []),
      `${required ? '' : '#'}${name}=${textOf(setting.default)}`,
    ]),
    '',
  ].join('\n');

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const kindOf = ({ type, oneOf }) => (oneOf ? oneOf.join(', ') : type);
const row = (setting) => {
  const { name, required, description } = setting;
  const value = required
    ? '**required**'
    : setting.default === undefined
      ? ''
      : `\`${textOf(setting.default)}\``;
  return `| \`${name}\` | ${cell(kindOf(setting))} | ${value === '``' ? 'empty' : cell(value)} | ${cell(description)} |`;
};
const table = (settings) =>
  ['| name | kind | default | |', '| --- | --- | --- | --- |', ...settings.map(row)].join('\n');

/** Path → content: one `.env.example` per app, and the table of all settings. */
export const settingsFiles = async (root) => {
  const { BaseEnv, DatabaseEnv, ArtifactsEnv, describeEnv } = await import('@millrace/service');
  const base = readFileSync(join(root, baseFile), 'utf8');
  const shared = [BaseEnv, DatabaseEnv, ArtifactsEnv].flatMap((Env) => describeEnv(Env, [base]));
  const common = new Map(shared.map((setting) => [setting.name, setting]));
  const files = {};
  const sections = [];
  for (const app of [...listServices(root), 'standalone']) {
    const { Env, sources } = await envOf(root, app);
    const settings = describeEnv(Env, sources);
    files[`apps/${app}/.env.example`] = exampleOf(app, settings);
    const own = settings.filter(({ name }) => !common.has(name));
    const also = settings
      .filter(({ name }) => ['DATABASE_URL', 'ARTIFACTS_URL'].includes(name))
      .map(({ name }) => `\`${name}\``);
    sections.push(
      `## ${app}`,
      also.length > 0 ? `Also ${also.join(' and ')}.` : '',
      own.length > 0 ? table(own) : 'Nothing of its own.',
    );
  }
  const of = (...names) => names.map((name) => common.get(name)).filter(Boolean);
  const baseNames = describeEnv(BaseEnv, [base]).map(({ name }) => name);
  files['docs/settings.md'] = [
    '# Settings',
    'Environment variables, checked when a service starts; every mistake is named at once. Generated from the code by `npm run generate`.',
    'Under `npm start` and `millrace up` a service also reads `apps/<service>/.env`, and `NATS_URL`, `DATA_DIR`, `ARTIFACTS_URL`, `HEALTH_PORT`, `HTTP_PORT` and `GATEWAY_GRPC_PORT` are set for it.',
    '## Every service',
    table(of(...baseNames)),
    '## Services with a database, with artifacts',
    table(of('DATABASE_URL', 'ARTIFACTS_URL')),
    ...sections,
    '',
  ].join('\n\n');
  return files;
};
