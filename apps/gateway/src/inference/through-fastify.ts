import type { RawReply } from '@millrace/messaging';
import type { FastifyReply } from 'fastify';
import { answerHeaders } from './answer-headers.js';

/** An answer's headers on the reply, and its bytes. */
export const throughFastify = (reply: FastifyReply, answer: RawReply): Buffer => {
  const headers = answerHeaders(answer);
  for (let i = 0; i < headers.length; i += 2) reply.header(headers[i]!, headers[i + 1]);
  const { buffer, byteOffset, byteLength } = answer.data;
  return Buffer.from(buffer, byteOffset, byteLength);
};
