export { followLog, type FollowLogOptions, type LogPage } from './follow-log.js';
export { followRun, type FollowOptions } from './follow-run.js';
export { hasEnded, type RunChange, type StepEvent, type RunEvent } from './run-changes.js';
