import type { JsonValue } from '@millrace/contracts';
import { CelError } from '@millrace/pipeline/cel';
import type { Cel } from '@millrace/pipeline/cel';
import { bindingsOf } from './bindings.js';
import type { RunState } from './state.js';
import { Unbound } from './unbound.js';

/** What an expression gives in a run. @throws Unbound where it gives nothing */
export const evaluate = (
  state: RunState,
  cel: Cel,
  more?: { readonly [name: string]: unknown },
  what = `'${cel.text}'`,
): JsonValue => {
  try {
    return cel.evaluate(bindingsOf(state, cel.names, more));
  } catch (error) {
    throw error instanceof CelError ? new Unbound(`${what}: ${error.message}`) : error;
  }
};

/** The same, of what must be true or false. */
export const holds = (
  state: RunState,
  cel: Cel,
  what: string,
  more?: { readonly [name: string]: unknown },
): boolean => {
  const value = evaluate(state, cel, more, `${what} '${cel.text}'`);
  if (typeof value === 'boolean') return value;
  throw new Unbound(`${what} '${cel.text}' is neither true nor false`);
};
