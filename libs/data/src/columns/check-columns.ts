import { DomainError } from '@millrace/contracts';

const maxNameLength = 256;
const forbidden = /[\u0000-\u001f\u007f]|^__proto__$/;

/**
 * Refuses names that could not be carried on: too many, too long, with control characters, or twice (DuckDB does not
 * tell upper from lower case).
 * @param what names the file or the query in the message
 * @throws DomainError data_invalid | payload_too_large
 */
export const checkColumns = (names: readonly string[], what: string, maxColumns: number): void => {
  if (names.length > maxColumns)
    throw new DomainError(
      'payload_too_large',
      `${what} has ${names.length} columns; at most ${maxColumns} are read`,
    );
  const seen = new Map<string, string>();
  for (const name of names) {
    if (name.length > maxNameLength || forbidden.test(name))
      throw new DomainError(
        'data_invalid',
        `${what}: ${JSON.stringify(name.slice(0, 80))} can't be the name of a column`,
      );
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      throw new DomainError(
        'data_invalid',
        `${what} has two columns named '${name}'${other === name ? '' : ` ('${other}' is the same to DuckDB)`}`,
      );
    seen.set(name.toLowerCase(), name);
  }
};
