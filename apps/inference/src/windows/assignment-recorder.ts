import type { RecordedAssignment, RecordedAssignments } from '@millrace/contracts';

export type AssignmentSource = Pick<RecordedAssignments, 'endpoint' | 'revision' | 'replica'>;

/** Keys that are known to have been recorded; when there are more, they are forgotten, and recorded again. */
const mostKnown = 100_000;
/** Of one event, in characters of its keys: far below what a message may carry. */
const mostCharacters = 128 * 1_024;
const mostPerBatch = 2_000;
const mostBatches = 8;

/** Which key of one revision went where, each once: within a revision it always goes there. */
export class AssignmentRecorder {
  private readonly known = new Set<string>();
  private batches: RecordedAssignment[][] = [[]];
  private characters = 0;
  private dropped = 0;

  constructor(private readonly source: AssignmentSource) {}

  record(key: string, { model, version }: { model: string; version: number }): void {
    if (this.known.has(key)) return;
    if (!this.hasRoom(key)) {
      this.dropped += 1;
      return;
    }
    if (this.known.size >= mostKnown) this.known.clear();
    this.known.add(key);
    this.characters += key.length;
    this.batches.at(-1)!.push({ key, model, version, at: new Date().toISOString() });
  }

  /** What was recorded since the last time, in events of bounded size. */
  take(): RecordedAssignments[] {
    const { batches, dropped } = this;
    this.batches = [[]];
    this.characters = this.dropped = 0;
    return batches
      .filter((assignments) => assignments.length > 0)
      .map((assignments, i) => ({ ...this.source, assignments, dropped: i === 0 ? dropped : 0 }));
  }

  private hasRoom(key: string): boolean {
    const full = this.batches.at(-1)!.length >= mostPerBatch || this.characters + key.length > mostCharacters;
    if (!full) return true;
    if (this.batches.length >= mostBatches) return false;
    this.batches.push([]);
    this.characters = 0;
    return true;
  }
}
