import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { RunStatus } from '@millrace/contracts';

/** What may be asked of a run that is there. */
export type Ask = 'cancel' | 'resume' | 'pause' | 'unpause';

/** What the driver means to do, written before it is sent, and what it was told, written after. */
export type Entry =
  | { type: 'intended'; key: string; pipeline: string; x: number }
  | { type: 'acknowledged'; key: string; run: string }
  /** A run that the database had when the storm began. */
  | { type: 'inherited'; run: string; pipeline: string; x: number }
  /** Each try; one without an answer may have happened, or may still happen. */
  | { type: 'asked'; run: string; what: Ask }
  | { type: 'answered'; run: string; what: Ask }
  /** Nothing came of it, and nothing will. */
  | { type: 'refused'; run: string; what: Ask }
  /** Told of a run, when everything that was asked of it was answered: so it ended. */
  | { type: 'seen'; run: string; status: RunStatus }
  /** A message for a trigger, and that its stream has it. */
  | { type: 'sent'; number: number }
  | { type: 'stored'; number: number }
  /** Between these moments (epoch milliseconds) a schedule was due at each of its ticks. */
  | { type: 'ticking'; pipeline: string; from: number; to: number }
  /** An artifact whose bytes were changed for a while. */
  | { type: 'spoiled'; digest: string };

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
  /** When it began, and when it was done, epoch milliseconds. */
  since: number;
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
