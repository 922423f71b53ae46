import { messageType, readMessage, writeMessage } from './protocol.js';

/** Messages of the methods that nobody calls thousands of times a second, by the name of the method. */
export const readRequest = <T>(method: string, message: Buffer): T =>
  readMessage<T>(messageType(`inference.${method}Request`), message);

/** @param message as JSON has it: enumerations by name */
export const writeResponse = (method: string, message: object): Buffer => {
  const type = messageType(`inference.${method}Response`);
  return writeMessage(type, type.fromObject(message));
};
