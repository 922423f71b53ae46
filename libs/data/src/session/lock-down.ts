import { literalList } from '../sql/sql-text.js';
import type { EngineSettings, SessionOptions } from './session.js';

/** Options at creation. Nothing is ever downloaded or loaded. */
export const createOptions = (
  settings: EngineSettings,
  spillDirectory: string,
  writes: boolean,
): Record<string, string> => ({
  // More than one thread would let row groups fall differently from run to run, and with them the digest.
  threads: String(writes ? 1 : settings.threads),
  memory_limit: `${settings.memoryLimitMb}MB`,
  temp_directory: spillDirectory,
  max_temp_directory_size: `${Math.ceil(settings.maxOutputBytes / 2 ** 20)}MB`,
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
});

/** Statements that close the door behind the session: only the named files, and no setting may change again. */
export const lockDown = ({ reads, writes = [] }: SessionOptions): string[] => [
  "SET TimeZone = 'UTC'",
  `SET allowed_paths = ${literalList([...reads, ...writes])}`,
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];
