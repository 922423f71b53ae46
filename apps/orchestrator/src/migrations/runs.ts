import { Children1764100000040 } from './children-1764100000040.js';
import { Control1764100000000 } from './control-1764100000000.js';
import { Crashes1764100000060 } from './crashes-1764100000060.js';
import { Instances1764100000020 } from './instances-1764100000020.js';
import { RunningRuns1764100000070 } from './running-runs-1764100000070.js';
import { Room1764100000030 } from './room-1764100000030.js';
import { RunLog1764100000050 } from './run-log-1764100000050.js';
import { StepTimeouts1764100000010 } from './step-timeouts-1764100000010.js';

/** What the tables of runs became, step by step. */
export const runMigrations = [
  Control1764100000000,
  StepTimeouts1764100000010,
  Instances1764100000020,
  Room1764100000030,
  Children1764100000040,
  RunLog1764100000050,
  Crashes1764100000060,
  RunningRuns1764100000070,
];
