import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What the driver means to do, written before it is sent, and what it was told, written after. */
export type Entry =
  | { type: 'intended'; key: string; pipeline: string; x: number }
  | { type: 'acknowledged'; key: string; run: string }
  | { type: 'cancelling'; key: string; run: string };

/** What a component did, written by itself, beside the system under test. */
export interface Effect {
  run: string;
  step: string;
  attempt: number;
  token: number;
  /** Of this one execution. */
  execution: string;
  n: number;
  /** The executions whose values it was given. */
  given: string[];
  /** Epoch milliseconds. */
  at: number;
  pid: number;
}

/** Lines of JSON that several processes append to: one write each, so that they stay whole and in order. */
export class Lines<T> {
  constructor(private readonly path: string) {}

  append(line: T): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }

  read(): T[] {
    if (!existsSync(this.path)) return [];
    const lines = readFileSync(this.path, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
  }
}
