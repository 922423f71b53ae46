import { Injectable, Logger } from '@nestjs/common';
import {
  status,
  type handleUnaryCall,
  type Metadata,
  type ServerUnaryCall,
  type StatusObject,
} from '@grpc/grpc-js';
import { headerNames, toDomainError } from '@millrace/contracts';
import { Metrics, withTrace } from '@millrace/observability';
import type { Caller } from '../http/caller.js';
import { toStatus } from './status.js';

/** What all kinds of calls have. */
type AnyCall = Pick<ServerUnaryCall<Buffer, Buffer>, 'metadata' | 'getDeadline'>;

/** One kind of call: a message in, a message out, as bytes. */
export type Work = (request: Buffer, caller: Caller) => Promise<Buffer> | Buffer;

const textOf = (metadata: Metadata, name: string): string | undefined => metadata.get(name)[0]?.toString();

/** Until when the client waits, of `performance.now()`; grpc-js has made a time of day of `grpc-timeout`. */
const expiryOf = (call: AnyCall): number | undefined => {
  const deadline = Number(call.getDeadline());
  return deadline === Infinity ? undefined : performance.now() + (deadline - Date.now());
};

/** Does things for whoever called: within its time and trace, only while it still listens, and counted. */
@Injectable()
export class Calls {
  private readonly logger = new Logger('grpc');
  private readonly seconds;

  constructor(metrics: Metrics) {
    this.seconds = metrics.histogram(
      'millrace_grpc_request_duration_seconds',
      'From a request, in a stream as well, to its answer.',
      ['method', 'status'],
    );
  }

  unary(method: string, work: Work): handleUnaryCall<Buffer, Buffer> {
    return (call, answer) => {
      const gone = new AbortController();
      call.once('cancelled', () => gone.abort());
      const caller = { expiresAt: expiryOf(call), signal: gone.signal };
      void this.measured(method, call, () => work(call.request, caller)).then((result) => {
        if (result instanceof Uint8Array) answer(null, result);
        else answer(result);
      });
    };
  }

  /** The result, or why there is none. */
  async measured<T>(method: string, call: AnyCall, work: () => Promise<T> | T): Promise<T | StatusObject> {
    const startedAt = performance.now();
    const observe = (code: status) =>
      this.seconds.observe({ method, status: status[code] }, (performance.now() - startedAt) / 1_000);
    try {
      const result = await withTrace(textOf(call.metadata, headerNames.traceparent), method, work);
      observe(status.OK);
      return result;
    } catch (thrown) {
      const refused = this.refuse(method, thrown);
      observe(refused.code);
      return refused;
    }
  }

  refuse(method: string, thrown: unknown): StatusObject {
    const error = toDomainError(thrown);
    if (error.code === 'internal') this.logger.error({ err: error, cause: error.cause, method });
    return toStatus(error);
  }
}
