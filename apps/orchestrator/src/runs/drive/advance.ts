import type { CacheAnswer } from '../../cache/step-cache.service.js';
import type { PreparedChild } from '../children/child-starter.js';
import type { Command } from '../decide/command.js';
import { decide } from '../decide/decide.js';
import type { RunEvent } from '../decide/event.js';
import type { Moved, Room } from '../decide/room.js';
import type { RunState } from '../decide/state.js';
import type { HotRun } from './hot-run.js';

type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

/** What the rest of the world knows and a decision asks for. */
export interface Answers {
  lookUp(keys: string[]): Promise<Map<string, CacheAnswer>>;
  prepareChild(parent: HotRun, ask: CommandOf<'prepare-child'>): Promise<PreparedChild>;
}

/** Room for tasks, and what becomes of it: told after each decision, before the next one asks. */
export interface Rooms {
  room: Room;
  move(by: ReadonlyMap<string, Moved>): void;
}

export interface Advance {
  state: RunState;
  commands: Command[];
  /** Runs that begin with it. */
  children: HotRun[];
}

/** Decides on events one after the other, and answers what the decisions ask, until nothing is open. */
export const advance = async (
  run: HotRun,
  events: readonly RunEvent[],
  answers: Answers,
  rooms: Rooms,
  at: number,
): Promise<Advance> => {
  const commands: Command[] = [];
  const prepared = new Map<string, HotRun>();
  let { state } = run;
  let pending = events;
  while (pending.length > 0) {
    const consults: CommandOf<'consult-cache'>[] = [];
    const asks: CommandOf<'prepare-child'>[] = [];
    for (const event of pending) {
      const decision = decide(state, event, rooms.room);
      rooms.move(decision.moved);
      state = decision.state;
      for (const command of decision.commands) {
        if (command.type === 'consult-cache') consults.push(command);
        else if (command.type === 'prepare-child') asks.push(command);
        else commands.push(command);
      }
    }
    const found =
      consults.length === 0
        ? new Map<string, CacheAnswer>()
        : await answers.lookUp(consults.map(({ key }) => key));
    const next: RunEvent[] = consults.map(({ step, key }) => {
      const answer = found.get(key) ?? { reason: 'the cache gave no answer' };
      return { type: 'cache.answered', step, at, ...answer };
    });
    for (const ask of asks) {
      const { event, child } = await answers.prepareChild({ ...run, state }, ask);
      if (child) prepared.set(child.state.run, child);
      next.push({ ...event, at });
    }
    pending = next;
  }
  const children = commands.flatMap((command) =>
    command.type === 'begin-child' ? (prepared.get(command.child) ?? []) : [],
  );
  return { state, commands, children };
};
