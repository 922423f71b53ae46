import type { Room } from '../decide/room.js';
import type { RoomLimits } from './room-limits.js';

interface Booking extends Disposable {
  readonly room: Room;
  /** More tasks, or fewer, are to be out than before. */
  move(by: ReadonlyMap<string, number>): void;
  /** What was to be is, or will not be. */
  close(): void;
}

/**
 * Whether there is room for another task of a component, as far as is known here without asking the database: by the
 * leases that are followed and the turns that are not committed yet. Replicas know too much (leases of what another one
 * ended) or too little; so whatever is held is handed out by what the database says, and limits by name are claimed there.
 */
export class RoomBook {
  /** Components of which something is held, and how often that was said. */
  readonly #held = new Map<string, number>();
  readonly #booked = new Map<string, number>();
  /** How many leases more are followed here than tasks were out when that was last counted. */
  readonly #surplus = new Map<string, number>();
  /** Set by whoever hands out what is held. */
  onRoom: (component: string) => void = () => undefined;

  constructor(
    readonly limits: RoomLimits,
    private readonly leasesOf: (component: string) => number,
  ) {}

  free(component: string): number {
    if (this.#held.has(component)) return -Infinity;
    return this.#room(component);
  }

  #room(component: string): number {
    const { most } = this.limits.of(component);
    if (most === Infinity) return most;
    const surplus = this.#surplus.get(component) ?? 0;
    return most - (this.leasesOf(component) - surplus + (this.#booked.get(component) ?? 0));
  }

  /** For one turn. `full`: what the database had no room for. */
  book(full: ReadonlySet<string>): Booking {
    const moved = new Map<string, number>();
    const add = (to: Map<string, number>, component: string, by: number): void => {
      const sum = (to.get(component) ?? 0) + by;
      if (sum === 0) to.delete(component);
      else to.set(component, sum);
    };
    const close = (): void => {
      for (const [component, by] of moved) add(this.#booked, component, -by);
      moved.clear();
    };
    return {
      room: (component) => (full.has(component) ? -Infinity : this.free(component)),
      move: (by) => {
        for (const [component, more] of by) {
          add(moved, component, more);
          add(this.#booked, component, more);
        }
      },
      close,
      [Symbol.dispose]: close,
    };
  }

  /** Something of these components is held now, and of those a task is not out any more. */
  follow(held: ReadonlySet<string>, freed: ReadonlySet<string>): void {
    for (const component of held) this.hold(component);
    for (const component of freed)
      if (this.#held.has(component) && this.#room(component) >= this.limits.of(component).refill)
        this.onRoom(component);
  }

  hold(component: string): void {
    const said = this.saidToBeHeld(component);
    this.#held.set(component, said + 1);
    if (said === 0) this.onRoom(component);
  }

  saidToBeHeld(component: string): number {
    return this.#held.get(component) ?? 0;
  }

  /** So many tasks are out. */
  counted(component: string, out: number): void {
    this.#surplus.set(component, this.leasesOf(component) - out);
  }

  /**
   * Nothing of it was found to be held.
   * @param said how often it was said that something is, before that was looked for
   * @returns false where it has been said again meanwhile
   */
  emptied(component: string, said: number): boolean {
    if (this.saidToBeHeld(component) !== said) return false;
    this.#held.delete(component);
    return true;
  }
}
