/**
 * A relation of so many rows of `relation`, chosen by the seed and in their old order: those with the smallest hashes of
 * row number and seed. Depends on nothing but the number of rows, the seed, and DuckDB's hash.
 */
export const sampleOf = (
  relation: string,
  columns: string,
  { rows, seed }: { rows: number; seed: number },
): string => {
  const numbered = `(SELECT *, hash(row_number() OVER (), ${seed}) AS millrace_hash FROM ${relation})`;
  const bound = `(SELECT max(h) FROM (SELECT millrace_hash AS h FROM ${numbered} ORDER BY h LIMIT ${rows}))`;
  return `(SELECT ${columns} FROM ${numbered} WHERE millrace_hash <= ${bound} LIMIT ${rows})`;
};
