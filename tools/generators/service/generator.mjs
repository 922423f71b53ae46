import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { generateFiles, installPackagesTask, readJson, updateJson } from '@nx/devkit';
import { addImport, addToArray } from '../edit-source.mjs';
import { formatChanges } from '../format.mjs';
import { namesOf } from '../names.mjs';

const dependencies = {
  '@millrace/artifacts': '*',
  '@millrace/component': '*',
  '@millrace/contracts': '*',
  '@millrace/messaging': '*',
  '@millrace/persistence': '*',
  '@millrace/service': '*',
};
const external = ['@nestjs/common', 'class-validator', 'reflect-metadata', 'typeorm'];
const onlyWithDatabase = ['@millrace/persistence', 'typeorm'];

/** A new service, which the process of all services holds as well. */
export default async function service(tree, options) {
  const { database = true, skipInstall = false } = options;
  const names = namesOf(options.name);
  const root = join('apps', names.name);
  if (tree.exists(root)) throw new Error(`${root} exists already`);
  const description = options.description ?? `The one responsibility of ${names.name}, in one sentence`;

  generateFiles(tree, join(import.meta.dirname, '../files/service'), root, {
    ...names,
    description,
    database,
  });
  tree.write(
    join(root, 'package.json'),
    JSON.stringify(packageOf(tree, names.name, description, database), null, 2),
  );
  addToStandalone(tree, names);
  await formatChanges(tree);
  return () => {
    if (skipInstall) return;
    installPackagesTask(tree, true);
    // Its .env.example and its part of docs/settings.md.
    execFileSync(process.execPath, [join(tree.root, 'tools/generate.mjs')], {
      cwd: tree.root,
      stdio: 'inherit',
    });
  };
}

/** The same versions of packages as the other services have. */
const packageOf = (tree, name, description, database) => {
  const wanted = (package_) => database || !onlyWithDatabase.includes(package_);
  const model = readJson(tree, 'apps/ingestion/package.json');
  const packages = external.filter(wanted).map((package_) => [package_, model.dependencies[package_]]);
  const own = Object.entries(dependencies).filter(([package_]) => wanted(package_));
  return {
    name: `@millrace/${name}`,
    version: '0.1.0',
    description,
    license: 'Apache-2.0',
    type: 'module',
    exports: {
      '.': {
        '@millrace/source': './src/service.ts',
        types: './src/service.ts',
        default: './dist/service.js',
      },
    },
    dependencies: Object.fromEntries([...own, ...packages]),
    devDependencies: { '@millrace/testing': '*' },
    nx: {
      name,
      tags: ['type:app', `scope:${name}`],
      targets: { build: {}, serve: {}, test: {}, lint: {}, typecheck: {} },
    },
  };
};

const addToStandalone = (tree, { name, propertyName }) => {
  const manifest = 'apps/standalone/package.json';
  if (!tree.exists(manifest)) return;
  updateJson(tree, manifest, (json) => {
    const all = { ...json.dependencies, [`@millrace/${name}`]: '*' };
    return {
      ...json,
      dependencies: Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  });
  const file = 'apps/standalone/src/services.ts';
  const withImport = addImport(tree.read(file, 'utf8'), `${propertyName}Service`, `@millrace/${name}`);
  tree.write(file, addToArray(withImport, 'services', `${propertyName}Service`));
};
