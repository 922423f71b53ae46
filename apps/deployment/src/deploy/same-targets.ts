import type { Target } from '@millrace/contracts';

const keyOf = ({ artifact, weight, model, version }: Target): string =>
  `${artifact.digest} ${weight} ${version} ${model}`;

export const sameTargets = (a: readonly Target[], b: readonly Target[]): boolean =>
  a.length === b.length && a.every((target, i) => keyOf(target) === keyOf(b[i]!));
