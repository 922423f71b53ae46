import { headerNames } from '@millrace/contracts';
import type { RawReply } from '@millrace/messaging';

/** What the caller is told of an answer's bytes: name, value, name, value, … */
export const answerHeaders = ({ header }: RawReply): string[] => {
  const binary = header(headerNames.inferenceHeaderLength);
  const type = header(headerNames.contentType);
  const encoding = header(headerNames.contentEncoding);
  const headers = [
    headerNames.contentType,
    type ?? (binary ? 'application/octet-stream' : 'application/json'),
  ];
  if (binary) headers.push(headerNames.inferenceHeaderLength, binary);
  if (encoding) headers.push(headerNames.contentEncoding, encoding);
  // Where several versions answer, this one did.
  const version = header(headerNames.modelVersion);
  if (version) headers.push(headerNames.modelVersion, version);
  return headers;
};
