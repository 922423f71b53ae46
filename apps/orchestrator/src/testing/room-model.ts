import type { Command } from '../runs/decide/command.js';
import type { RunEvent } from '../runs/decide/event.js';
import { isHeld, nothingMoved, priorityOf, type Room } from '../runs/decide/room.js';
import { isOut, isQueued, type RunState } from '../runs/decide/state.js';
import { must } from './must.js';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

interface Sharer {
  readonly state: RunState;
  tell(event: Event): void;
}

interface Held {
  run: Sharer;
  step: number;
  priority: number;
  heldAt: number;
}

const componentAt = ({ plan }: RunState, step: number): string => plan.steps[step]?.component ?? '';

/** What several runs share: a clock, and room for the tasks of each component. With the invariants of that. */
export class RoomModel {
  readonly #runs: Sharer[] = [];
  #at = 0;

  /**
   * @param limits by component; without, there is room for all
   * @param counts what a limit is for: what is out, or only what nobody has taken up
   */
  constructor(
    private readonly limits: ReadonlyMap<string, number> = new Map(),
    private readonly counts: 'out' | 'queued' = 'out',
  ) {}

  join(run: Sharer): void {
    this.#runs.push(run);
  }

  tick(): number {
    return ++this.#at;
  }

  readonly room: Room = (component, moved) =>
    this.#held(component).length > 0
      ? -Infinity
      : this.#limit(component) - this.#counted(component) - moved[this.counts];

  /** Who is first gets room, if there is any. */
  grant(component: string): boolean {
    const [first] = this.#held(component);
    if (!first || this.#counted(component) >= this.#limit(component)) return false;
    const { run, step } = first;
    run.tell({ type: 'room.granted', step });
    must('who is granted room takes it', !isHeld(run.state.steps[step] ?? { status: 'waiting' }));
    return true;
  }

  dispatch(): void {
    for (const component of this.limits.keys()) {
      while (this.grant(component));
      must(
        'nothing is held while there is room',
        this.#held(component).length === 0 || this.#counted(component) >= this.#limit(component),
      );
    }
  }

  /** Before `after` is the run's state. */
  check(before: RunState, event: Event, after: RunState, commands: readonly Command[]): void {
    const wasOut = (step: number) => isOut(before.steps[step] ?? { status: 'waiting', token: 0 });
    const fresh = commands.flatMap((command) =>
      command.type === 'issue-task' && !wasOut(command.step) ? [command.step] : [],
    );
    const atOnce = fresh.filter((step) => event.type !== 'room.granted' || event.step !== step);
    for (const step of atOnce)
      must('nobody goes out before those who wait', this.#held(componentAt(after, step)).length === 0);
    after.steps.forEach((own, step) => {
      if (!isHeld(own)) return must('only what waits is held', own.heldAt === undefined);
      must('nothing is held in a pause', !after.paused);
      must(
        'what is held has no deadline but its last',
        own.deadline === undefined && own.dueAt === own.giveUpAt,
      );
      const was = before.steps[step];
      if (was && isHeld(was)) return must('who waits keeps its place', was.heldAt === own.heldAt);
      const mine = componentAt(after, step);
      must('what is held found no room', this.room(mine, nothingMoved) < Infinity);
      for (const other of atOnce)
        must(
          'of those who ask together, the higher priority goes out',
          componentAt(after, other) !== mine || this.#priority(after, other) >= this.#priority(after, step),
        );
    });
  }

  /** When the state that was checked is the run's. */
  checkLimits(): void {
    // What was with a worker that is lost is queued again, whatever else is.
    if (this.counts === 'queued') return;
    for (const component of this.limits.keys())
      must('never more are out than the limit', this.#counted(component) <= this.#limit(component));
  }

  #limit(component: string): number {
    return this.limits.get(component) ?? Infinity;
  }

  #priority(state: RunState, step: number): number {
    const planned = state.plan.steps[step];
    return planned ? priorityOf(state, planned) : NaN;
  }

  #counted(component: string): number {
    const counts = this.counts === 'out' ? isOut : isQueued;
    const ofRun = ({ state }: Sharer) =>
      state.steps.filter((own, step) => counts(own) && componentAt(state, step) === component).length;
    return this.#runs.reduce((sum, run) => sum + ofRun(run), 0);
  }

  /** By priority, then whoever waits longest. */
  #held(component: string): Held[] {
    return this.#runs
      .flatMap((run) =>
        run.state.steps.flatMap((own, step) =>
          isHeld(own) && componentAt(run.state, step) === component
            ? [{ run, step, priority: this.#priority(run.state, step), heldAt: own.heldAt ?? 0 }]
            : [],
        ),
      )
      .sort((a, b) => b.priority - a.priority || a.heldAt - b.heldAt);
  }
}
