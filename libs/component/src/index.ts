export { ComponentModule, type ComponentModuleOptions } from './component.module.js';
export { parseTask, taskSchema } from './checks/parse-task.js';
export {
  Component,
  descriptorOf,
  type ComponentResult,
  type LogLevel,
  type PipelineComponent,
  type TaskContext,
} from './descriptor/component.js';
export { runComponent, type ComponentRun, type RunComponentOptions } from './run-component.js';
export { TASK_POINTS, type TaskPoint, type TaskPoints } from './worker/task-points.js';
export { secretsFrom, type SecretSource } from './secrets/secret-source.js';
