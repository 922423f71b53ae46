import { nothingMoved, type Moved, type Room } from '../decide/room.js';
import type { RoomLimits } from './room-limits.js';

const sum = (a: Moved, b: Moved): Moved => ({ out: a.out + b.out, queued: a.queued + b.queued });
const negative = ({ out, queued }: Moved): Moved => ({ out: -out, queued: -queued });

interface Booking extends Disposable {
  readonly room: Room;
  /** More tasks, or fewer, are to be out than before. */
  move(by: ReadonlyMap<string, Moved>): void;
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
  readonly #booked = new Map<string, Moved>();
  /** How many more are known here than there were when they were last counted. */
  readonly #surplus = new Map<string, number>();
  /** Set by whoever hands out what is held. */
  onRoom: (component: string) => void = () => undefined;

  constructor(
    readonly limits: RoomLimits,
    private readonly leasesOf: (component: string) => Moved,
  ) {}

  free(component: string, moved: Moved = nothingMoved): number {
    if (this.#held.has(component)) return -Infinity;
    return this.#room(component, moved);
  }

  #room(component: string, moved: Moved): number {
    const { most, counts } = this.limits.of(component);
    if (most === Infinity) return most;
    const booked = this.#booked.get(component) ?? nothingMoved;
    const known = this.leasesOf(component)[counts] - (this.#surplus.get(component) ?? 0);
    return most - known - booked[counts] - moved[counts];
  }

  /** For one turn. `full`: what the database had no room for. */
  book(full: ReadonlySet<string>): Booking {
    const all = new Map<string, Moved>();
    const add = (to: Map<string, Moved>, component: string, by: Moved): void => {
      const { out, queued } = sum(to.get(component) ?? nothingMoved, by);
      if (out === 0 && queued === 0) to.delete(component);
      else to.set(component, { out, queued });
    };
    const close = (): void => {
      for (const [component, moved] of all) add(this.#booked, component, negative(moved));
      all.clear();
    };
    return {
      room: (component, moved) => (full.has(component) ? -Infinity : this.free(component, moved)),
      move: (by) => {
        for (const [component, moved] of by) {
          add(all, component, moved);
          add(this.#booked, component, moved);
        }
      },
      close,
      [Symbol.dispose]: close,
    };
  }

  /** Something of these components is held now, and of those a task is not out, or not queued, any more. */
  follow(held: ReadonlySet<string>, freed: ReadonlySet<string>): void {
    for (const component of held) this.hold(component);
    for (const component of freed)
      if (
        this.#held.has(component) &&
        this.#room(component, nothingMoved) >= this.limits.of(component).refill
      )
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

  /** So many tasks of those that its limit counts there are. */
  counted(component: string, tasks: number): void {
    this.#surplus.set(component, this.leasesOf(component)[this.limits.of(component).counts] - tasks);
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
