import { DomainError } from '@millrace/contracts';

export const delimiters = [',', ';', '\t', '|'] as const;

/**
 * The first record of a CSV text: its fields, or undefined when the text ends inside of it. RFC 4180 quoting.
 */
export const firstRecord = (text: string, delimiter: string): string[] | undefined => {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === delimiter) {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') return [...fields, field];
    else field += character;
  }
  return undefined;
};

/**
 * The delimiter that yields the most fields in the first record; where none yields two, one that leaves a quote open
 * (so that this is what is reported), or else a comma: a file of one column.
 */
export const detectDelimiter = (text: string): string => {
  const counted = delimiters.map((delimiter) => ({
    delimiter,
    fields: firstRecord(text, delimiter)?.length,
  }));
  const best = counted.reduce((most, next) => ((next.fields ?? 0) > (most.fields ?? 0) ? next : most));
  if ((best.fields ?? 0) > 1) return best.delimiter;
  return counted.find(({ fields }) => fields === undefined)?.delimiter ?? ',';
};

/** Names as written; an empty one (pandas writes an index so) becomes `column0`, `column1`, … by position. */
export const headerNames = (fields: readonly string[]): string[] =>
  fields.map((field, i) => field.trim() || `column${i}`);

export interface CsvHeader {
  delimiter: string;
  names: string[];
}

/**
 * @param start the file's first bytes as text; all of it when `whole`
 * @throws DomainError data_invalid when there is no complete header within them
 */
export const parseHeader = (start: string, whole: boolean, what: string, delimiter?: string): CsvHeader => {
  const text = start.replace(/^\uFEFF/, '') + (whole ? '\n' : '');
  if (whole && text.trim() === '') throw new DomainError('data_invalid', `${what} is empty`);
  const chosen = delimiter ?? detectDelimiter(text);
  const fields = firstRecord(text, chosen);
  if (!fields)
    throw new DomainError(
      'data_invalid',
      `${what}, line 1: the header has a quote that is not closed or is too long`,
    );
  return { delimiter: chosen, names: headerNames(fields) };
};
