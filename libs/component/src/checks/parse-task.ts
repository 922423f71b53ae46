import { InvalidRequest, type JsonSchema, type Task } from '@millrace/contracts';
import { fieldErrorsOf } from './schema.js';

const token = { type: 'integer', minimum: 0 };
/** One token of a subject. */
const name = { type: 'string', pattern: '^[^\\s.*>\\p{Cc}]{1,256}$' };

/** The message on `<prefix>.work.<component>`. Fields that are not in it are refused: they would be ignored silently. */
export const taskSchema: JsonSchema = {
  type: 'object',
  required: [
    'run',
    'step',
    'component',
    'attempt',
    'token',
    'idempotencyKey',
    'params',
    'inputs',
    'deadline',
  ],
  additionalProperties: false,
  properties: {
    run: name,
    step: name,
    component: { type: 'string', maxLength: 256 },
    attempt: { type: 'integer', minimum: 1 },
    token,
    idempotencyKey: { type: 'string', minLength: 1, maxLength: 1024 },
    params: { type: 'object' },
    inputs: { type: 'object' },
    deadline: { type: 'number' },
    timeoutMs: { type: 'number', exclusiveMinimum: 0 },
    traceparent: { type: 'string', maxLength: 512 },
  },
};

/** Who a completion is about. */
export type TaskIdentity = Pick<Task, 'run' | 'step' | 'attempt' | 'token'>;

const identitySchema: JsonSchema = {
  type: 'object',
  required: ['run', 'step', 'token'],
  properties: { run: name, step: name, token },
};

/** @throws InvalidRequest when it is no task, or one for another component */
export const parseTask = (value: unknown, component: string): Task => {
  const errors = fieldErrorsOf(taskSchema, value, 'task');
  if (errors.length > 0) throw new InvalidRequest(errors);
  const task = value as Task;
  if (task.component !== component)
    throw new InvalidRequest([{ field: 'task.component', message: `must be ${component}` }]);
  return task;
};

/** Of a task that can't be used, what is needed to say so to the orchestrator; undefined when even that is missing. */
export const identityOf = (value: unknown): TaskIdentity | undefined => {
  if (fieldErrorsOf(identitySchema, value, 'task').length > 0) return undefined;
  const { run, step, token, attempt } = value as TaskIdentity;
  return { run, step, token, attempt: Number.isInteger(attempt) ? attempt : 1 };
};
