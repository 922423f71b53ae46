import { InvalidRequest, type JsonSchema, type Task } from '@millrace/contracts';
import { fieldErrorsOf } from './schema.js';

const closed = new WeakMap<JsonSchema, JsonSchema>();

/** Params that a schema doesn't mention are mistakes, unless it says otherwise. */
const close = (schema: JsonSchema): JsonSchema => {
  const known = closed.get(schema);
  if (known) return known;
  const strict: JsonSchema =
    'additionalProperties' in schema || 'unevaluatedProperties' in schema
      ? { type: 'object', ...schema }
      : { type: 'object', additionalProperties: false, ...schema };
  closed.set(schema, strict);
  return strict;
};

/**
 * A checked copy of a task's params with the schema's defaults filled in.
 * @throws InvalidRequest naming fields such as `params.testFraction`
 */
export const checkParams = <P>(schema: JsonSchema, params: Task['params']): P => {
  const copy = structuredClone(params);
  const errors = fieldErrorsOf(close(schema), copy, 'params');
  if (errors.length > 0) throw new InvalidRequest(errors);
  return copy as P;
};
