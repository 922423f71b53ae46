import { DomainError, headerNames, InvalidRequest } from '@millrace/contracts';
import { describeValue } from '../describe-value.js';

/** The tensors of a body behind its JSON, one after the other and without padding. */
export class BinaryPart {
  private taken = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get length(): number {
    return this.bytes.length;
  }

  /**
   * The next tensor: a view, nothing is copied.
   * @throws InvalidRequest when that many bytes are not left
   */
  take(size: unknown, field: string): Uint8Array {
    if (!Number.isSafeInteger(size) || (size as number) < 0)
      throw new InvalidRequest([{ field, message: `must be a number of bytes, not ${describeValue(size)}` }]);
    const end = this.taken + (size as number);
    if (end > this.bytes.length)
      throw new InvalidRequest([
        { field, message: `says ${size as number} bytes, and ${this.left} are left of the body` },
      ]);
    const tensor = this.bytes.subarray(this.taken, end);
    this.taken = end;
    return tensor;
  }

  /** @throws InvalidRequest when bytes are left that belong to no input */
  end(): void {
    if (this.left > 0)
      throw new InvalidRequest([
        { field: 'body', message: `has ${this.left} bytes more than its inputs say` },
      ]);
  }

  private get left(): number {
    return this.bytes.length - this.taken;
  }
}

export interface SplitBody {
  /** Undefined in a raw request: the whole body is the one input. */
  json: Uint8Array | undefined;
  binary: BinaryPart;
}

const empty = new Uint8Array(0);

/**
 * Where the JSON ends, by the header `Inference-Header-Content-Length`; without it all is JSON.
 * @throws InvalidRequest when the header is no length within the body; `payload_too_large` over the limit
 */
export const splitBody = (
  body: Uint8Array,
  headerLength: string | undefined,
  maxBodyBytes: number,
): SplitBody => {
  checkSize(body, maxBodyBytes);
  if (headerLength === undefined) return { json: body, binary: new BinaryPart(empty) };
  const length = /^\d{1,10}$/.test(headerLength) ? Number(headerLength) : NaN;
  if (!(length <= body.length))
    throw new InvalidRequest([
      {
        field: headerNames.inferenceHeaderLength,
        message: `must be a number of bytes within the body of ${body.length}, not ${describeValue(headerLength)}`,
      },
    ]);
  return {
    json: length === 0 ? undefined : body.subarray(0, length),
    binary: new BinaryPart(body.subarray(length)),
  };
};

export const checkSize = ({ length }: Uint8Array, maxBodyBytes: number): void => {
  if (length > maxBodyBytes)
    throw new DomainError(
      'payload_too_large',
      `the body has ${length} bytes, more than the limit of ${maxBodyBytes}; score larger data as a dataset`,
      { details: { limit: maxBodyBytes } },
    );
};
