import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import component from './component/generator.mjs';
import service from './service/generator.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Nothing is written: a tree in memory with those files of ours that the generators read. */
const workspace = (): Tree => {
  const tree = createTreeWithEmptyWorkspace();
  const copied = [
    'apps/ingestion/package.json',
    'apps/standalone/package.json',
    'apps/standalone/src/services.ts',
  ];
  for (const file of [...copied, '.prettierrc.json']) tree.write(file, readFileSync(join(root, file)));
  return tree;
};
const text = (tree: Tree, file: string): string => tree.read(file, 'utf8') ?? '';

describe('the service generator', () => {
  it('makes a service that the process of all holds, too', async () => {
    const tree = workspace();
    await service(tree, { name: 'data-labelling', description: "Asks people what's what" });
    const files = tree.listChanges().map(({ path }) => path);
    expect(files).toEqual(
      expect.arrayContaining([
        'apps/data-labelling/src/main.ts',
        'apps/data-labelling/src/config/data-labelling.env.ts',
        'apps/data-labelling/src/service.int.spec.ts',
        'apps/data-labelling/README.md',
      ]),
    );
    expect(JSON.parse(text(tree, 'apps/data-labelling/package.json'))).toMatchObject({
      name: '@millrace/data-labelling',
      nx: { tags: ['type:app', 'scope:data-labelling'] },
    });
    expect(text(tree, 'apps/data-labelling/src/service.ts')).toContain('export const dataLabellingService');
    expect(text(tree, 'apps/data-labelling/src/app.module.ts')).toContain('PersistenceModule.forRoot');
    expect(text(tree, 'apps/standalone/src/services.ts')).toMatch(
      /gatewayService,\s+dataLabellingService,?\s+\]/,
    );
    expect(JSON.parse(text(tree, 'apps/standalone/package.json')).dependencies).toHaveProperty(
      '@millrace/data-labelling',
      '*',
    );
  });

  it('makes one without a database', async () => {
    const tree = workspace();
    await service(tree, { name: 'plain', database: false });
    expect(text(tree, 'apps/plain/src/app.module.ts')).not.toContain('Persistence');
    const { dependencies } = JSON.parse(text(tree, 'apps/plain/package.json')) as { dependencies: object };
    expect(Object.keys(dependencies)).not.toContain('typeorm');
  });

  it.each(['', 'Upper', '../out', 'a b', '1st'])('refuses the name %j', async (name) => {
    await expect(service(workspace(), { name })).rejects.toThrow('is not a name');
  });

  it('refuses to write over a service', async () => {
    await expect(service(workspace(), { name: 'ingestion' })).rejects.toThrow('exists already');
  });
});

describe('the component generator', () => {
  it('registers the first component of a service, and the next beside it', async () => {
    const tree = workspace();
    await service(tree, { name: 'labelling' });
    await component(tree, { name: 'ask', service: 'labelling' });
    await component(tree, { name: 'merge-answers', service: 'labelling', description: 'Merges answers' });
    const module = text(tree, 'apps/labelling/src/app.module.ts');
    expect(module).toContain('ComponentModule.forFeature([AskComponent, MergeAnswersComponent])');
    expect(module.match(/from '@millrace\/component'/g)).toHaveLength(1);
    expect(text(tree, 'apps/labelling/src/merge-answers/merge-answers.component.ts')).toContain(
      "name: 'labelling.merge-answers'",
    );
  });

  it('names the service that is not there', async () => {
    await expect(component(workspace(), { name: 'ask', service: 'nowhere' })).rejects.toThrow(
      'no service nowhere',
    );
  });
});
