import type { PlannedStep } from '../../definition/plan.js';
import type { Command } from './command.js';
import { withInstances, type Instance } from './instances.js';
import { isEnd, newStep, restore, type RunState, type StepState } from './state.js';

/** One decision in the making: a copy of the state that the rules change, and the commands that they give. */
export class Turn {
  readonly commands: Command[] = [];
  /** Steps that came to their end in this turn, whose consequences are not drawn yet. */
  readonly #ended: number[] = [];
  readonly #ready: number[] = [];
  #state: RunState;
  #steps: StepState[] | undefined;
  #missing: number[] | undefined;

  constructor(state: RunState) {
    this.#state = state;
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
    const opened = Number(isEnd(before.status)) - Number(isEnd(after.status));
    if (opened !== 0) this.#state = { ...this.#state, open: this.#state.open + opened };
    if (opened < 0) this.#ended.push(index);
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
    this.#state = {
      ...this.#state,
      plan: withInstances(plan, instances),
      steps: this.#steps,
      missing: this.#missing,
      open: open + instances.length,
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
