import { LOGGER, type Logger } from '@millrace/observability';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { isHeld } from '../decide/room.js';
import { NoRoom } from '../store/claim-room.js';
import { HeldSteps } from '../store/held-steps.js';
import { Watch } from '../watch/watch.js';
import { OneByOne } from './one-by-one.js';
import { RunDriver } from './run-driver.js';
import { positionOf } from './signal.js';

/** Handed out at once where there is room for any number. */
const maxPortion = 1_000;
/** So many that cannot go out, for whatever reason, are passed over before the next round. */
const maxPassedOver = 100;

/** Hands out what was held for want of room: by priority, then whoever waits longest. */
@Injectable()
export class Dispatcher implements OnModuleDestroy {
  readonly #components = new OneByOne((component) => this.#drain(component));
  #stopped = false;

  constructor(
    private readonly held: HeldSteps,
    private readonly driver: RunDriver,
    private readonly watch: Watch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    watch.room.onRoom = (component) => void this.dispatch(component);
  }

  /** Whatever is held, of whichever replica: what nobody was there to hand out. */
  async round(): Promise<void> {
    for (const component of await this.held.components()) {
      this.watch.room.hold(component);
      await this.dispatch(component);
    }
  }

  /** Resolves when there is no more room, or nothing that waits for it. Never rejects: the next round tries again. */
  dispatch(component: string): Promise<void> {
    return this.#components.ask(component);
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    await this.#components.idle();
  }

  async #drain(component: string): Promise<void> {
    const passedOver = new Set<string>();
    try {
      while (!this.#stopped && passedOver.size <= maxPassedOver)
        if (!(await this.#portion(component, passedOver))) return;
    } catch (err) {
      this.logger.warn({ err, component }, 'steps that wait for room could not be looked for; trying again');
    }
  }

  /** @returns whether there may be more to hand out */
  async #portion(component: string, passedOver: Set<string>): Promise<boolean> {
    const { room } = this.watch;
    const { most, counts, refill } = room.limits.of(component);
    const said = room.saidToBeHeld(component);
    const tasks = most === Infinity ? 0 : await this.held.count(component, counts);
    room.counted(component, tasks);
    const free = Math.min(most - tasks, maxPortion);
    if (free < refill) return false;
    const found = await this.held.next(component, free + passedOver.size);
    if (found.length === 0) return !room.emptied(component, said);
    const next = found.filter(({ run, step }) => !passedOver.has(`${run}/${step}`)).slice(0, free);
    const results = await Promise.all(next.map((one) => this.#grant(component, one)));
    next.forEach(({ run, step }, i) => results[i] === 'refused' && passedOver.add(`${run}/${step}`));
    return next.length > 0 && !results.includes('full');
  }

  /** @returns whether the step waits for room no longer, and for nothing else that comes before that */
  async #tell(run: string, step: string): Promise<boolean> {
    // Together with whatever else of its run goes out.
    const { state } = await this.driver.tell(run, { type: 'room.granted', step }, { patienceMs: 0 });
    const own = state.steps[positionOf(state.plan, step) ?? -1];
    return own !== undefined && (own.status !== 'waiting' || own.dueAt !== undefined) && !isHeld(own);
  }

  async #grant(component: string, { run, step }: { run: string; step: string }) {
    try {
      if (await this.#tell(run, step)) return 'granted';
      // What is known here of the run may be older than what was held, by another replica.
      this.driver.forget(run);
      return (await this.#tell(run, step)) ? 'granted' : 'refused';
    } catch (err) {
      if (err instanceof NoRoom) return 'full';
      this.logger.warn({ err, run, step, component }, 'a step that waited for room could not go out');
      return 'refused';
    }
  }
}
