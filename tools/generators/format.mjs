import { format, getFileInfo } from 'prettier';

/** Formats what a generator wrote as the workspace formats everything. */
export const formatChanges = async (tree) => {
  const options = tree.exists('.prettierrc.json') ? JSON.parse(tree.read('.prettierrc.json', 'utf8')) : {};
  for (const { path, type } of tree.listChanges()) {
    const { inferredParser: parser } = await getFileInfo(path);
    if (type !== 'DELETE' && parser)
      tree.write(path, await format(tree.read(path, 'utf8'), { ...options, parser }));
  }
};
