import { DomainError, InvalidRequest } from '@millrace/contracts';

/** The only table of a query. */
export const datasetTable = 'dataset';

const tableFunctions = new Set(['unnest', 'range', 'generate_series']);

/**
 * Functions whose result is not given by their arguments, or that tell of the process. A test compares the list with
 * DuckDB's own marks.
 */
export const forbiddenFunctions = new Set(
  `nextval currval random setseed uuid uuidv4 uuidv7 gen_random_uuid now today transaction_timestamp txid_current
   current_transaction_id current_connection_id current_query current_query_id current_database current_schema
   current_schemas current_date current_time current_timestamp localtime localtimestamp get_current_timestamp
   get_current_time current_localtime current_localtimestamp in_search_path current_setting getvariable version stats
   write_log sleep_ms getenv current_user user session_user current_role pg_postmaster_start_time age`.split(
    /\s+/,
  ),
);

/** Written without parentheses; to the parser they are columns. */
const clocks = new Set(['current_date', 'current_time', 'current_timestamp', 'localtime', 'localtimestamp']);

type Node = { [key: string]: unknown };

const refuse = (message: string): never => {
  throw new InvalidRequest([{ field: 'sql', message }]);
};

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Every object of a syntax tree, the root first. */
function* nodesOf(root: unknown): Generator<Node> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const next = open.pop();
    if (!isNode(next)) continue;
    if (!Array.isArray(next)) yield next;
    open.push(...Object.values(next));
  }
}

/** Names that WITH clauses anywhere in the tree define. */
const definedIn = (root: unknown): Set<string> => {
  const names = new Set<string>();
  for (const node of nodesOf(root)) {
    const map = isNode(node.cte_map) ? node.cte_map.map : undefined;
    if (Array.isArray(map)) for (const { key } of map as { key: string }[]) names.add(key.toLowerCase());
  }
  return names;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const impure = (name: string): never =>
  refuse(`'${name}' is not allowed: the same dataset must give the same result`);

/** What the query may name: the dataset's columns, and the tables that WITH defines. All in lower case. */
interface Scope {
  columns: ReadonlySet<string>;
  defined: ReadonlySet<string>;
}

const checkNode = (node: Node, { columns, defined }: Scope): void => {
  if (node.type === 'BASE_TABLE') {
    const name = text(node.table_name).toLowerCase();
    const qualified = text(node.schema_name) || text(node.catalog_name);
    if (qualified || (name !== datasetTable && !defined.has(name)))
      refuse(`there is no table '${text(node.table_name)}'; the only one is '${datasetTable}'`);
  }
  if (node.type === 'TABLE_FUNCTION') {
    const name = text((node.function as Node | undefined)?.function_name).toLowerCase();
    if (!tableFunctions.has(name)) refuse(`the table function '${name}' is not allowed`);
  }
  if (node.type === 'SHOW_REF') refuse('DESCRIBE, SHOW and SUMMARIZE are not allowed');
  if (node.class === 'PARAMETER') refuse('parameters are not allowed');
  const called = text(node.function_name).toLowerCase();
  if (node.class === 'FUNCTION' && forbiddenFunctions.has(called)) impure(called);
  const [reference] = node.class === 'COLUMN_REF' ? (node.column_names as string[]) : [];
  const clock = reference?.toLowerCase() ?? '';
  if (clocks.has(clock) && !columns.has(clock)) impure(clock);
  if (isNode(node.sample) && !(Number(node.sample.seed) >= 0))
    refuse('a sample needs REPEATABLE (seed): the same dataset must give the same result');
};

/**
 * Checks the syntax tree that DuckDB's `json_serialize_sql` made of a text: one SELECT over `dataset` alone. The
 * database's own locks hold besides.
 * @throws InvalidRequest on `sql`
 */
export const checkSelect = (serialised: string, columns: readonly string[]): void => {
  const tree = JSON.parse(serialised) as {
    error: boolean;
    error_type?: string;
    error_message?: string;
    statements?: unknown[];
  };
  if (tree.error)
    refuse(tree.error_type === 'parser' ? text(tree.error_message) : 'must be one SELECT statement');
  if (tree.statements?.length !== 1) refuse(`must be one statement, not ${tree.statements?.length ?? 0}`);
  const defined = definedIn(tree.statements);
  if (defined.has(datasetTable)) refuse(`WITH can't define '${datasetTable}' anew`);
  const scope = { columns: new Set(columns.map((name) => name.toLowerCase())), defined };
  for (const node of nodesOf(tree.statements)) checkNode(node, scope);
};

/** @throws InvalidRequest | DomainError payload_too_large */
export const checkText = (sql: string, maxLength: number): void => {
  if (sql.trim() === '') refuse('must not be empty');
  if (sql.length > maxLength)
    throw new DomainError(
      'payload_too_large',
      `sql has ${sql.length} characters; at most ${maxLength} are read`,
    );
};
