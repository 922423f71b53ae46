import type { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from '../tensor/tensor.js';

/** With the runtime's name of its datatype. */
export interface HostTensor {
  type: string;
  dims: readonly number[];
  data: Tensor['data'];
}

export type HostRequest =
  { load: Uint8Array; options: InferenceSession.SessionOptions } | { run: Record<string, HostTensor> };

/** `ms`: what it took there, without the way. */
export interface HostResult {
  ms: number;
  outputs?: Record<string, HostTensor>;
}

export interface HostReply {
  result?: HostResult;
  error?: string;
}

/** The way to `host.js`, in a thread or in a process. */
export interface HostChannel {
  /** Of the process, where it is one. */
  readonly pid?: number | undefined;
  post(message: HostRequest, transfer: ArrayBuffer[]): void;
  /** Keeps this process alive while something is under way, and no longer. */
  hold(): void;
  rest(): void;
  /** A process ends at once, a thread after its run. */
  end(): void;
}

export interface HostListener {
  reply(reply: HostReply): void;
  /** @param how exit code or signal, or why it could not be started */
  ended(how: string): void;
}
