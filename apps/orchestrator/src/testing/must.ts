/** How often each invariant was looked at. */
export const checked = new Map<string, number>();

/** @throws where an invariant does not hold */
export const must = (invariant: string, holds: boolean): void => {
  checked.set(invariant, (checked.get(invariant) ?? 0) + 1);
  if (!holds) throw new Error(`invariant broken: ${invariant}`);
};
