import type { PlannedStep } from '../../definition/plan.js';
import type { Command } from './command.js';
import { withInstances, type Instance } from './instances.js';
import { nothingMoved, type Moved, type Room } from './room.js';
import { isEnd, isOut, isQueued, newStep, restore, type RunState, type StepState } from './state.js';
import { recounted, talliesOf } from './tally.js';

/** One decision in the making: a copy of the state that the rules change, and the commands that they give. */
export class Turn {
  readonly commands: Command[] = [];
  /** Steps that want to go out. */
  readonly asked: number[] = [];
  /** By component, since the begin of this turn. */
  readonly moved = new Map<string, Moved>();
  /** Steps that came to their end in this turn, whose consequences are not drawn yet. */
  readonly #ended: number[] = [];
  readonly #ready: number[] = [];
  readonly #before: RunState;
  readonly #held = new Set<string>();
  #state: RunState;
  #steps: StepState[] | undefined;
  #missing: number[] | undefined;

  constructor(
    state: RunState,
    private readonly room: Room,
  ) {
    this.#before = this.#state = state;
  }

  get state(): RunState {
    return this.#state;
  }

  step(index: number): StepState {
    const step = this.#state.steps[index];
    if (!step) throw new RangeError(`no step ${index} in run ${this.#state.run}`);
    return step;
  }

  planned(index: number): PlannedStep {
    const step = this.#state.plan.steps[index];
    if (!step) throw new RangeError(`no step ${index} in pipeline '${this.#state.plan.pipeline}'`);
    return step;
  }

  change(run: Partial<Pick<RunState, 'status' | 'paused' | 'error' | 'finishedAt' | 'parent'>>): void {
    this.#state = { ...this.#state, ...run };
  }

  changeStep(index: number, change: Partial<StepState>): void {
    const before = this.step(index);
    // Copied once per turn, however many steps change.
    if (!this.#steps) {
      this.#steps = [...this.#state.steps];
      this.#state = { ...this.#state, steps: this.#steps };
    }
    const after = { ...before, ...change };
    this.#steps[index] = after;
    if (isOut(before) !== isOut(after) || isQueued(before) !== isQueued(after))
      this.#move(this.planned(index).component, before, after);
    const opened = Number(isEnd(before.status)) - Number(isEnd(after.status));
    const groups = recounted(this.#state.groups, this.#state.plan, this.#steps, index, before);
    if (opened !== 0 || groups !== this.#state.groups)
      this.#state = { ...this.#state, open: this.#state.open + opened, groups };
    if (opened < 0) this.#ended.push(index);
  }

  /** How many more tasks of a component may go out after all that this turn did. */
  roomFor(component: string): number {
    return this.room(component, this.moved.get(component) ?? nothingMoved);
  }

  #move(component: string, before: StepState, after: StepState): void {
    const { out, queued } = this.moved.get(component) ?? nothingMoved;
    this.moved.set(component, {
      out: out + Number(isOut(after)) - Number(isOut(before)),
      queued: queued + Number(isQueued(after)) - Number(isQueued(before)),
    });
  }

  /** Is a step that is held now the first one of its component in this run? */
  firstHeld(component: string): boolean {
    if (this.#held.has(component)) return false;
    this.#held.add(component);
    const { steps, plan } = this.#before;
    return !steps.some(
      ({ heldAt }, index) => heldAt !== undefined && plan.steps[index]?.component === component,
    );
  }

  /** A step is to begin as soon as this is through. */
  makeReady(index: number): void {
    this.#ready.push(index);
  }

  nextReady(): number | undefined {
    return this.#ready.shift();
  }

  /** The next step whose end has to be told to those who wait for it. */
  nextEnded(): number | undefined {
    return this.#ended.shift();
  }

  /** More steps than the pipeline says, as instances of those that it says. */
  append(instances: readonly Instance[]): void {
    const { plan, steps, missing, open } = this.#state;
    this.#steps = [...steps, ...instances.map(() => newStep)];
    this.#missing = [...missing, ...instances.map(() => 0)];
    const grown = withInstances(plan, instances);
    const of = new Set(instances.map((instance) => instance.of));
    this.#state = {
      ...this.#state,
      plan: grown,
      steps: this.#steps,
      missing: this.#missing,
      open: open + instances.length,
      groups: new Map([...this.#state.groups, ...talliesOf(grown, this.#steps, of)]),
    };
  }

  /** After steps were opened again: counts anew what follows from the steps. */
  recount(): void {
    this.#state = restore(this.#state);
    this.#missing = undefined;
  }

  /** One need of a step is there. Returns how many are missing still. */
  meetNeed(index: number): number {
    if (!this.#missing) {
      this.#missing = [...this.#state.missing];
      this.#state = { ...this.#state, missing: this.#missing };
    }
    return (this.#missing[index] = (this.#missing[index] ?? 0) - 1);
  }

  command(command: Command): void {
    this.commands.push(command);
  }

  note(level: 'info' | 'warn' | 'error', message: string, step?: number): void {
    this.command({ type: 'note', level, message, ...(step === undefined ? {} : { step }) });
  }
}
