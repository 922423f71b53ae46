import type { Completion } from '@millrace/contracts';
import type { TaskIdentity } from '../checks/parse-task.js';

const keyOf = ({ run, step, token }: TaskIdentity): string => `${run}/${step}/${token}`;

/**
 * What this worker finished lately. A task whose acknowledgement was lost is delivered again; then the completion is
 * sent again instead of doing the work twice.
 */
export class RecentCompletions {
  private readonly completions = new Map<string, Completion>();

  constructor(private readonly limit = 200) {}

  add(completion: Completion): void {
    this.completions.set(keyOf(completion), completion);
    if (this.completions.size <= this.limit) return;
    const oldest = this.completions.keys().next();
    if (!oldest.done) this.completions.delete(oldest.value);
  }

  of(task: TaskIdentity): Completion | undefined {
    return this.completions.get(keyOf(task));
  }
}
