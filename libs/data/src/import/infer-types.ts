import type { ColumnType } from '@millrace/contracts';
import { records, type Session } from '../session/session.js';
import { identifier } from '../sql/sql-text.js';

const integer = '^\\s*[+-]?(0|[1-9]\\d{0,18})\\s*$';
const number = '^\\s*([+-]?((0|[1-9]\\d*)(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?|[nN]a[nN])\\s*$';
const timestamp =
  '^\\s*\\d{4}-\\d{1,2}-\\d{1,2}([ T]\\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?\\s*([zZ]|[+-]\\d{2}(:?\\d{2})?)?)?\\s*$';

const matches = (column: string, pattern: string): string => `regexp_matches(${column}, '${pattern}')`;

/** Text → value of a type, NULL where it is not one. A time without an offset is UTC. */
export const parsed: Record<ColumnType, (column: string) => string> = {
  integer: (c) => `CASE WHEN ${matches(c, integer)} THEN TRY_CAST(${c} AS BIGINT) END`,
  number: (c) => `CASE WHEN ${matches(c, number)} THEN TRY_CAST(${c} AS DOUBLE) END`,
  boolean: (c) => `CASE lower(trim(${c})) WHEN 'true' THEN true WHEN 'false' THEN false END`,
  timestamp: (c) =>
    `CASE WHEN ${matches(c, timestamp)} THEN TRY_CAST(trim(${c}) AS TIMESTAMP WITH TIME ZONE) END`,
  string: (c) => c,
};

/** From the narrowest; every text is a string. */
const narrowestFirst: ColumnType[] = ['integer', 'number', 'boolean', 'timestamp', 'string'];

/** How many non-missing texts each column has, and how many of them parse as each candidate. */
const countParsed = async (
  session: Session,
  relation: string,
  candidates: ReadonlyMap<string, readonly ColumnType[]>,
): Promise<Map<string, { present: number; parsed: Map<ColumnType, number> }>> => {
  const entries = [...candidates];
  const counts = entries.flatMap(([name, types], i) => [
    `count(${identifier(name)}) AS p${i}`,
    ...types.map((type) => `count(${parsed[type](identifier(name))}) AS c${i}_${type}`),
  ]);
  const [row] = records<Record<string, string>>(
    await session.run(`SELECT ${counts.join(', ')} FROM ${relation}`),
  );
  return new Map(
    entries.map(([name, types], i) => [
      name,
      {
        present: Number(row![`p${i}`]),
        parsed: new Map(types.map((type) => [type, Number(row![`c${i}_${type}`])])),
      },
    ]),
  );
};

/**
 * The narrowest type that every non-missing text of a column has. Looks at a head first, and then confirms the guess on
 * all rows; what is refuted is widened and confirmed again. `007` is a string: its zeros mean something.
 */
export const inferTypes = async (
  session: Session,
  relation: string,
  names: readonly string[],
): Promise<Map<string, ColumnType>> => {
  const types = new Map<string, ColumnType>();
  if (names.length === 0) return types;
  const possible = new Map(names.map((name) => [name, narrowestFirst.slice(0, -1)]));
  const head = await countParsed(session, `(SELECT * FROM ${relation} LIMIT 2048)`, possible);
  const open = new Map<string, ColumnType[]>();
  for (const [name, { present, parsed }] of head)
    open.set(
      name,
      narrowestFirst.filter((type) => type === 'string' || parsed.get(type) === present),
    );
  while (open.size > 0) {
    const guesses = new Map([...open].map(([name, left]) => [name, left.slice(0, 1)]));
    const counted = await countParsed(session, relation, guesses);
    for (const [name, { present, parsed }] of counted) {
      const [guess, ...wider] = open.get(name)!;
      // A column without any value says nothing about its type.
      if (present === 0) types.set(name, 'string');
      else if (parsed.get(guess!) === present) types.set(name, guess!);
      else {
        open.set(name, wider);
        continue;
      }
      open.delete(name);
    }
  }
  return types;
};
