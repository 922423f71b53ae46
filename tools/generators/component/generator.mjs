import { join } from 'node:path';
import { generateFiles } from '@nx/devkit';
import { addImport, addToArray } from '../edit-source.mjs';
import { formatChanges } from '../format.mjs';
import { namesOf } from '../names.mjs';

/** A new component in an existing service, registered in its module. */
export default async function component(tree, options) {
  const names = namesOf(options.name);
  const { name: service } = namesOf(options.service);
  const root = join('apps', service);
  const module = join(root, 'src/app.module.ts');
  if (!tree.exists(module)) throw new Error(`there is no service ${service} (${module} is missing)`);
  const target = join(root, 'src', names.name);
  if (tree.exists(target)) throw new Error(`${target} exists already`);
  const description = options.description ?? `What ${service}.${names.name} does, in one sentence.`;
  generateFiles(tree, join(import.meta.dirname, '../files/component'), target, {
    ...names,
    service,
    description,
  });
  tree.write(module, register(tree.read(module, 'utf8'), names));
  await formatChanges(tree);
}

const register = (source, { name, className }) => {
  const withClass = addImport(source, `${className}Component`, `./${name}/${name}.component.js`);
  const added = addToArray(withClass, 'ComponentModule.forFeature', `${className}Component`);
  if (added) return added;
  const first = addToArray(withClass, 'imports', `ComponentModule.forFeature([${className}Component])`);
  if (!first) throw new Error('src/app.module.ts has no `imports: […]` to register the component in');
  return addImport(first, 'ComponentModule', '@millrace/component');
};
