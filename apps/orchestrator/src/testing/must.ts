/** @throws where an invariant does not hold */
export const must = (invariant: string, holds: boolean): void => {
  if (!holds) throw new Error(`invariant broken: ${invariant}`);
};
