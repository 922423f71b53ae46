export { AlreadyRunning, runningState } from './run-file.mjs';
export { listServices } from './services.mjs';
export { startAll } from './start-all.mjs';
export { down, up } from './detached.mjs';
