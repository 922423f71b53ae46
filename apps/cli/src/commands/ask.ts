import type { Operation } from '@millrace/contracts';
import type { Context } from './context.js';

/** One operation, and what people read of its answer. */
export const ask = async <Q extends object, R extends object>(
  context: Context,
  operation: Operation<Q, R>,
  request: Q,
  text: (response: R) => string,
): Promise<R> => {
  await using session = await context.connect();
  const response = await session.client.request(operation, request);
  context.output.result(response, () => text(response));
  return response;
};

/** Only what was said: an option that was not given is no field. */
export const given = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
