/** `a"b` → `"a""b"` */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `it's` → `'it''s'` */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `['a', 'b']` → `['a', 'b']` as SQL. */
export const literalList = (texts: readonly string[]): string => `[${texts.map(literal).join(', ')}]`;

/** A scan of Parquet files, in the order given. */
export const parquetScan = (paths: readonly string[]): string => `read_parquet(${literalList(paths)})`;
