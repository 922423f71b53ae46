/**
 * A process of its own for statements that are not ours and for files from outside: what overruns its limits, or
 * crashes DuckDB, takes this process along and nothing else. Plain JavaScript, so that it starts without a loader.
 * Messages: {id, open: options} | {id, run: sql} | {id, close: true} → {id, result} | {id, error}.
 */
import duckdb from '@duckdb/node-api';

let instance;
let connection;

const open = async (options) => {
  instance = await duckdb.DuckDBInstance.create(':memory:', options);
  connection = await instance.connect();
};

const run = async (sql) => {
  const result = await connection.run(sql);
  const columns = [...Array(result.columnCount).keys()];
  return {
    names: columns.map((i) => result.columnName(i)),
    types: columns.map((i) => String(result.columnType(i))),
    rows: await result.getRowsJson(),
  };
};

const close = () => {
  connection?.closeSync();
  instance?.closeSync();
  connection = instance = undefined;
};

const answer = async (message) => {
  if (message.open) return open(message.open);
  if (message.run !== undefined) return run(message.run);
  return close();
};

process.on('message', (message) => {
  answer(message).then(
    (result) => process.send({ id: message.id, result }),
    (error) => process.send({ id: message.id, error: String(error?.message ?? error) }),
  );
});

// Ctrl-C reaches every process of a terminal; when to stop is the parent's to say.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

// A statement under way would hold up an orderly exit.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
