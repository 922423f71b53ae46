import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const mistakeIn = (line: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'not a JSON object';
  } catch (error) {
    return (error as Error).message;
  }
};

/** The first line of a JSON Lines file that is not an object; DuckDB's own count can be off by one. */
export const findMalformedLine = async (
  path: string,
): Promise<{ line: number; message: string } | undefined> => {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let line = 0;
  for await (const text of lines) {
    const mistake = ++line && text.trim() !== '' ? mistakeIn(text.replace(/^\uFEFF/, '')) : undefined;
    if (mistake) return { line, message: mistake };
  }
  return undefined;
};
