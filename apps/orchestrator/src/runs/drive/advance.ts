import type { CacheAnswer } from '../../cache/step-cache.service.js';
import type { Command } from '../decide/command.js';
import { decide, type Decision } from '../decide/decide.js';
import type { RunEvent } from '../decide/event.js';
import type { RunState } from '../decide/state.js';

type Consult = Extract<Command, { type: 'consult-cache' }>;
export type LookUp = (keys: string[]) => Promise<Map<string, CacheAnswer>>;

/** Decides on events one after the other, and answers what the decisions ask of the cache, until nothing is open. */
export const advance = async (
  state: RunState,
  events: readonly RunEvent[],
  lookUp: LookUp,
  at: number,
): Promise<Decision> => {
  const commands: Command[] = [];
  let pending = events;
  while (pending.length > 0) {
    const consults: Consult[] = [];
    for (const event of pending) {
      const decision = decide(state, event);
      state = decision.state;
      for (const command of decision.commands) {
        if (command.type === 'consult-cache') consults.push(command);
        else commands.push(command);
      }
    }
    const answers =
      consults.length === 0 ? new Map<string, CacheAnswer>() : await lookUp(consults.map(({ key }) => key));
    pending = consults.map(({ step, key }) => {
      const answer = answers.get(key) ?? { reason: 'the cache gave no answer' };
      return { type: 'cache.answered', step, at, ...answer };
    });
  }
  return { state, commands };
};
