export { TestProcess } from './child-process.js';
export { eventually } from './eventually.js';
export { freePort } from './free-port.js';
export { startNats, type TestNats } from './nats-server.js';
export { startPostgres, type TestPostgres } from './postgres-server.js';
export { temporaryDirectory, type TemporaryDirectory } from './temporary-directory.js';
export { thrownBy } from './thrown-by.js';
export { withDatabases, type TestDatabase } from './with-databases.js';
