import { createReadStream } from 'node:fs';
import { DomainError } from '@millrace/contracts';
import type { DataLimits } from '../limits.js';
import type { Source } from './import-options.js';

const [quote, backslash, newline] = [0x22, 0x5c, 0x0a];
const isOpening = (byte: number) => byte === 0x7b || byte === 0x5b;
const isClosing = (byte: number) => byte === 0x7d || byte === 0x5d;

/** Follows nesting and record lengths through a JSON text, byte by byte. Says nothing about validity otherwise. */
export class JsonScan {
  line = 1;
  #depth = 0;
  #record = 0;
  #inString = false;
  #escaped = false;

  constructor(
    private readonly what: string,
    private readonly limits: Pick<DataLimits, 'maxJsonDepth' | 'maxLineBytes'>,
    /** Depth at which a record begins: 0 for JSON Lines, 1 within one array. */
    private readonly recordDepth: number,
  ) {}

  /** @throws DomainError data_invalid | payload_too_large, with the line */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte === newline) {
        this.line++;
        // JSON Lines: a string cannot span lines, so a malformed line cannot hide those after it.
        if (this.recordDepth === 0)
          [this.#inString, this.#depth, this.#record, this.#escaped] = [false, 0, 0, false];
      }
      if (++this.#record > this.limits.maxLineBytes)
        throw new DomainError(
          'payload_too_large',
          `${this.what}, line ${this.line}: a record of more than ${this.limits.maxLineBytes} bytes`,
        );
      if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = this.#inString;
      else if (byte === quote) this.#inString = !this.#inString;
      else if (this.#inString) continue;
      else if (isOpening(byte)) this.#open();
      else if (isClosing(byte)) this.#depth--;
      if (this.#depth <= this.recordDepth && isClosing(byte)) this.#record = 0;
    }
  }

  #open(): void {
    if (++this.#depth > this.limits.maxJsonDepth + this.recordDepth)
      throw new DomainError(
        'data_invalid',
        `${this.what}, line ${this.line}: nested deeper than ${this.limits.maxJsonDepth}`,
      );
  }
}

/** Refuses what would exhaust DuckDB's parser, before it sees the file. */
export const scanJson = async (
  { path, what }: Source,
  limits: DataLimits,
  recordDepth: number,
): Promise<void> => {
  const scan = new JsonScan(what, limits, recordDepth);
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) scan.push(bytes as Buffer);
};
