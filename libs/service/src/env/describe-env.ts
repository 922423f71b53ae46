import { settingsOf, type Setting } from './setting.js';

export interface DescribedSetting extends Setting {
  description: string;
}

/**
 * The settings of an EnvDto for people: the generated tables and `.env.example` are made from it.
 * @param sources the text of the files that declare the class and its bases; the descriptions are the comments there
 */
export const describeEnv = (Env: new () => object, sources: readonly string[] = []): DescribedSetting[] => {
  const comments = new Map(sources.flatMap((source) => [...commentsOf(source)]));
  return settingsOf(Env).map((setting) => ({ ...setting, description: comments.get(setting.name) ?? '' }));
};

/** Upper-case field → the JSDoc comment before its decorators, on one line. */
export const commentsOf = (source: string): Map<string, string> => {
  const field =
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/(?:(?!\/\*\*)[\s\S])*?\b([A-Z][A-Z0-9_]+)[?!]?\s*(?::[^=;]+)?(?:=|;)/g;
  return new Map(
    [...source.matchAll(field)].map(([, comment = '', name = '']) => [
      name,
      comment.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim(),
    ]),
  );
};
