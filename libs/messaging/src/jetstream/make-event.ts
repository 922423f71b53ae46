import { randomUUID } from 'node:crypto';
import type { CloudEvent, EventMap, EventType } from '@millrace/contracts';
import { currentTraceparent } from '@millrace/observability';

/**
 * A CloudEvent 1.0 in the current trace.
 * @param source the service's name, e.g. `registry`
 */
export const makeEvent = <T extends EventType>(
  type: T,
  source: string,
  data: EventMap[T],
  options: { id?: string; subject?: string; time?: Date } = {},
): CloudEvent<EventMap[T]> => {
  const traceparent = currentTraceparent();
  return {
    specversion: '1.0',
    id: options.id ?? randomUUID(),
    source: `/millrace/${source}`,
    type,
    ...(options.subject === undefined ? {} : { subject: options.subject }),
    time: (options.time ?? new Date()).toISOString(),
    datacontenttype: 'application/json',
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
};
