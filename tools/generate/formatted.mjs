import { format, getFileInfo, resolveConfig } from 'prettier';

/** As the workspace formats it, so that formatting changes nothing in it. */
export const formatted = async (path, content) => {
  const { inferredParser: parser } = await getFileInfo(path);
  return parser ? format(content, { ...(await resolveConfig(path)), parser }) : content;
};
