import { Control1764100000000 } from './control-1764100000000.js';

/** What the tables of runs became, step by step. */
export const runMigrations = [Control1764100000000];
