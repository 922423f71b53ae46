import type { EntityManager } from 'typeorm';
import type { Command } from '../decide/command.js';
import { isHeld } from '../decide/room.js';
import { isOut, type RunState } from '../decide/state.js';
import type { RoomLimits } from '../watch/room-limits.js';
import { countTasks, isAnyHeld } from './held-steps.js';
import { lockByName } from './lock-by-name.js';

/** As many tasks of the component are out as may be, or others wait for that. */
export class NoRoom extends Error {
  constructor(readonly component: string) {
    super(`no room for another task of '${component}'`);
  }
}

/** Room for tasks of a component that has a limit by name. */
export interface RoomClaim {
  component: string;
  most: number;
  /** Some of them were never held. */
  atOnce: boolean;
}

/** What goes out that was not out before. */
export const claimsOf = (
  limits: RoomLimits,
  before: RunState,
  { plan }: RunState,
  commands: readonly Command[],
): RoomClaim[] => {
  if (!limits.anyNamed) return [];
  const claims = new Map<string, RoomClaim>();
  for (const command of commands) {
    if (command.type !== 'issue-task') continue;
    const { component = '' } = plan.steps[command.step] ?? {};
    const { most, counts } = limits.of(component);
    const was = before.steps[command.step];
    if (counts !== 'out' || (was && isOut(was))) continue;
    const atOnce = !was || !isHeld(was) || claims.get(component)?.atOnce === true;
    claims.set(component, { component, most, atOnce });
  }
  // In one order, so that replicas don't wait for one another's locks in a circle.
  return [...claims.values()].sort((a, b) => (a.component < b.component ? -1 : 1));
};

/**
 * Writes in a transaction what hands out tasks, if there is room for them: replicas do so one after the other.
 * @throws NoRoom
 */
export const claimRoom = async (
  em: EntityManager,
  claims: readonly RoomClaim[],
  write: () => Promise<void>,
): Promise<void> => {
  for (const { component, atOnce } of claims) {
    await lockByName(em, `component/${component}`);
    if (atOnce && (await isAnyHeld(em, component))) throw new NoRoom(component);
  }
  await write();
  for (const { component, most } of claims)
    if ((await countTasks(em, component)) > most) throw new NoRoom(component);
};
