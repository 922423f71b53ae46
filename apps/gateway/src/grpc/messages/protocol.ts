import { resolve } from 'node:path';
import { InvalidRequest } from '@millrace/contracts';
import protobuf, { type Type } from 'protobufjs';

const directory = resolve(import.meta.dirname, '../../../proto');

/** The messages and services of `proto/`, with fields named as they are there. */
const root = new protobuf.Root();
root.resolvePath = (_from, file) => resolve(directory, file);
root.loadSync(['grpc_service.proto', 'health.proto'], { keepCase: true });
root.resolveAll();

export const openInferenceService = root.lookupService('inference.GRPCInferenceService');
export const healthService = root.lookupService('grpc.health.v1.Health');

/** What reads and writes one kind of message; both are generated from its fields, once. */
export const messageType = (name: string): Type => root.lookupType(name);

/**
 * Bytes and texts are views or copies of what was sent, and nothing is altered: what is not UTF-8 is no text.
 * @throws InvalidRequest when the bytes are no such message
 */
export const readMessage = <T>(type: Type, bytes: Buffer): T => {
  try {
    const reader = protobuf.Reader.create(bytes);
    reader.discardUnknown = true;
    return type.decode(reader) as T;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidRequest([{ field: 'message', message: `is no ${type.name}: ${reason}` }]);
  }
};

export const writeMessage = (type: Type, message: object): Buffer => type.encode(message).finish() as Buffer;
