import { DomainError, headerNames } from '@millrace/contracts';
import {
  acceptedEncoding,
  compressBody,
  inflateBody,
  type RawHandler,
  type RawResult,
  type RequestContext,
} from '@millrace/messaging';

/** As many as Node inflates at a time anyway; more would only hold what they have made so far. */
const atOnce = 4;
/** So many bodies of the largest size may be in work after they were inflated. */
const largestInWork = 8;
/** What fits into a packet is not sent faster for being smaller. */
const worthCompressing = 1_024;

/**
 * Takes compressed bodies, and answers compressed where the caller accepts that. A few bytes can become a large body, so
 * memory is bounded for all of them together, not only for each.
 */
export class CompressedBodies {
  private inflating = 0;
  private readonly waiting: (() => void)[] = [];
  /** Bytes that were made and are in work. */
  private held = 0;

  /** @param maxBytes of a body when it is no longer compressed */
  constructor(private readonly maxBytes: number) {}

  around(handler: RawHandler): RawHandler {
    return (body, context) => {
      const encoding = context.get(headerNames.contentEncoding);
      const accepted = context.get(headerNames.acceptEncoding);
      if (encoding === undefined && accepted === undefined) return handler(body, context);
      return this.answer(handler, body, encoding, accepted, context);
    };
  }

  private async answer(
    handler: RawHandler,
    body: Uint8Array,
    encoding: string | undefined,
    accepted: string | undefined,
    context: RequestContext,
  ): Promise<RawResult> {
    if (encoding === undefined) return compress(await handler(body, context), accepted);
    const plain = await this.inflate(body, encoding);
    this.hold(plain.length);
    try {
      return await compress(await handler(plain, context), accepted);
    } finally {
      this.held -= plain.length;
    }
  }

  private async inflate(body: Uint8Array, encoding: string): Promise<Uint8Array> {
    if (this.inflating < atOnce) this.inflating += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await inflateBody(body, encoding, this.maxBytes);
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.inflating -= 1;
    }
  }

  private hold(bytes: number): void {
    if (this.held + bytes > this.maxBytes * largestInWork)
      throw new DomainError('overloaded', 'too many compressed bodies are in work, try again');
    this.held += bytes;
  }
}

const compress = async (result: RawResult, accepted: string | undefined): Promise<RawResult> => {
  const encoding = result.data.length < worthCompressing ? undefined : acceptedEncoding(accepted);
  if (!encoding) return result;
  return {
    data: await compressBody(result.data, encoding),
    headers: { ...result.headers, [headerNames.contentEncoding]: encoding },
  };
};
