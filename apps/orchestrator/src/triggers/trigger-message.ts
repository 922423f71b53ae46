import { createHash, randomUUID } from 'node:crypto';
import { headerNames, type CloudEvent } from '@millrace/contracts';
import { decodeJson } from '@millrace/messaging';
import { parseTraceparent } from '@millrace/observability';

/** What may set off a trigger. */
export interface TriggerMessage {
  /** The same for each delivery of the same message, of bounded length. */
  id: string;
  /** What expressions read as `event`: a CloudEvent, or any JSON. */
  event: unknown;
  type?: string;
  /** When it happened, epoch milliseconds, where that is known. */
  at?: number;
  /** Id of the trace that it belongs to. */
  trace?: string;
  /** The run that it tells of. */
  run?: string;
}

const isCloudEvent = (value: unknown): value is CloudEvent => {
  const event = value as Partial<CloudEvent> | null;
  return typeof event === 'object' && event?.specversion === '1.0' && typeof event.id === 'string';
};

const digestOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

const traceOf = (traceparent: unknown): { trace?: string } => {
  const trace = parseTraceparent(typeof traceparent === 'string' ? traceparent : undefined)?.traceId;
  return trace === undefined ? {} : { trace };
};

/** Of a Millrace event. */
export const ofEvent = (event: CloudEvent): TriggerMessage => {
  const { run } = (event.data ?? {}) as { run?: unknown };
  const at = Date.parse(event.time);
  return {
    id: digestOf(String(event.source), String(event.id)),
    event,
    type: event.type,
    ...(Number.isNaN(at) ? {} : { at }),
    ...traceOf(event.traceparent),
    ...(typeof run === 'string' ? { run } : {}),
  };
};

export interface PlainMessage {
  data: Uint8Array;
  header(name: string): string | undefined;
  /** Where it stands in its stream, if it is in one. */
  position?: string;
}

/** Of a message on any subject. @throws where it is no JSON */
export const ofMessage = ({ data, header, position }: PlainMessage): TriggerMessage => {
  const event = decodeJson(data) as unknown;
  const cloud = isCloudEvent(event) ? event : undefined;
  const given = header(headerNames.messageId);
  // Without any of these, no two deliveries can be told to be the same.
  const id =
    given === undefined
      ? cloud
        ? digestOf(String(cloud.source), cloud.id)
        : digestOf('position', position ?? randomUUID())
      : digestOf('id', given);
  return { id, event, ...traceOf(header(headerNames.traceparent) ?? cloud?.traceparent) };
};
