/** One of several by its share. @param random 0 ≤ random < 1 */
export const chooseByWeight = <T extends { weight: number }>(choices: readonly T[], random: number): T => {
  let left = random * choices.reduce((sum, { weight }) => sum + weight, 0);
  for (const choice of choices) {
    left -= choice.weight;
    if (left < 0) return choice;
  }
  return choices.at(-1)!;
};
