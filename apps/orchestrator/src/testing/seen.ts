import type { StepStatus } from '@millrace/contracts';
import type { Command } from '../runs/decide/command.js';
import type { RunEvent } from '../runs/decide/event.js';
import { isEnd, type RunState } from '../runs/decide/state.js';

type Event = Pick<RunEvent, 'type'>;

/** What random histories made `decide` do: a rule that none of them reaches is a rule that nobody has tested. */
export class Seen {
  /** Events by which something changed. */
  readonly events = new Set<RunEvent['type']>();
  readonly commands = new Set<Command['type']>();
  /** `queued → running`; an end is left only by being opened again. */
  readonly ways = new Set<string>();
  readonly notes = new Set<string>();

  decided(before: RunState, event: Event, after: RunState, commands: readonly Command[]): void {
    if (after === before && commands.length === 0) return;
    this.events.add(event.type);
    for (const command of commands) {
      this.commands.add(command.type);
      if (command.type === 'note') this.notes.add(command.message);
    }
    if (after === before) return;
    after.steps.forEach(({ status }, step) => {
      const was: StepStatus = before.steps[step]?.status ?? 'waiting';
      if (was !== status && !isEnd(was)) this.ways.add(`${was} → ${status}`);
    });
  }
}
