import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { ServerDuplexStream, StatusObject } from '@grpc/grpc-js';
import { DomainError } from '@millrace/contracts';
import { InFlight } from '../http/in-flight.js';
import type { OpenStreams } from './admission.js';
import { Calls } from './calls.js';
import { InferCalls } from './infer-calls.js';
import { InOrder } from './in-order.js';
import { readInferRequest } from './messages/read-infer-request.js';
import { writeStreamError } from './messages/write-infer-response.js';

type Call = ServerDuplexStream<Buffer, Buffer>;

const method = 'ModelStreamInfer';
/** Requests of one stream that are being answered; more are read when there is room. */
const mostAtATime = 32;

/** Triton's: with this header, a failed request ends the stream with its status, instead of an error in a response. */
const strictHeader = 'triton_grpc_error';

interface Answer {
  bytes: Buffer;
  refused?: StatusObject;
}

/** `ModelStreamInfer`: one response for each request, in their order. */
@Injectable()
export class StreamInfer {
  constructor(
    private readonly inferCalls: InferCalls,
    private readonly calls: Calls,
    private readonly inFlight: InFlight,
  ) {}

  handler(streams: OpenStreams): (call: Call) => void {
    return (call) => {
      try {
        this.serve(call, streams);
      } catch (thrown) {
        call.emit('error', this.calls.refuse(method, thrown));
      }
    };
  }

  private serve(call: Call, streams: OpenStreams): void {
    const strict = call.metadata.get(strictHeader)[0]?.toString().toLowerCase() === 'true';
    const gone = new AbortController();
    let ended = false;
    const answers = new InOrder<Answer>(mostAtATime, async ({ bytes, refused }) => {
      if (!strict || !refused) return send(call, bytes, gone.signal);
      ended = true;
      call.emit('error', refused);
      // Nothing is handed on after that.
      throw new DomainError('cancelled', 'the stream has ended');
    });
    const finish = (refused?: StatusObject) =>
      answers.drained().then(
        () => void (refused ? call.emit('error', refused) : call.end()),
        // Nobody reads any more.
        () => undefined,
      );
    const close = streams.open(() => {
      ended = true;
      call.pause();
      void finish(this.calls.refuse(method, new DomainError('unavailable', 'the server is stopping')));
    });
    call.once('cancelled', () => {
      gone.abort();
      close();
    });
    call.on('data', (message: Buffer) => {
      if (ended) return;
      const handedOn = answers.add(this.answer(call, message, gone.signal));
      if (answers.full) call.pause();
      handedOn.then(
        () => (ended ? undefined : call.resume()),
        () => undefined,
      );
    });
    call.once('end', () => (ended ? undefined : void finish()));
  }

  private async answer(call: Call, message: Buffer, signal: AbortSignal): Promise<Answer> {
    let id = '';
    const result = await this.calls.measured(method, call, async () => {
      const leave = this.inFlight.enter();
      try {
        const request = readInferRequest(message);
        id = request.id;
        return await this.inferCalls.inferInStream(request, { expiresAt: undefined, signal });
      } finally {
        leave();
      }
    });
    if (result instanceof Uint8Array) return { bytes: result };
    return { bytes: writeStreamError(result.details, id), refused: result };
  }
}

/** Waits for a client that reads more slowly than it asks. */
const send = async (call: Call, bytes: Buffer, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  if (!call.write(bytes)) await once(call, 'drain', { signal });
};
