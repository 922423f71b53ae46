import { existsSync } from 'node:fs';
import { checkBinary, keptBinary } from './binary.mjs';

/** What an earlier start fetched. */
export const kept = async ({ stateDir }) => {
  const path = keptBinary(stateDir);
  if (!existsSync(path)) throw new Error('none yet');
  return checkBinary(path);
};
