import type { Effect } from './ledger.js';

/** What must not be; each with the places where it is. */
export const faultKinds = ['lost', 'phantom', 'wrong', 'duplicate', 'stale', 'crowded'] as const;
export type FaultKind = (typeof faultKinds)[number];
export type Findings = Record<FaultKind, string[]>;

export const noFindings = (): Findings => ({
  lost: [],
  phantom: [],
  wrong: [],
  duplicate: [],
  stale: [],
  crowded: [],
});

export const hasFindings = (findings: Findings): boolean =>
  faultKinds.some((kind) => findings[kind].length > 0);

export const addFindings = (to: Findings, more: Findings): void => {
  for (const kind of faultKinds) to[kind].push(...more[kind]);
};

export const keyOf = ({ run, step }: { run: string; step: string }): string => `${run}/${step}`;

/** Whether a newer token came before it. */
export const isFenced = (effectsOfStep: readonly Effect[], index: number): boolean => {
  const token = effectsOfStep[index]?.token ?? 0;
  return effectsOfStep.slice(0, index).some((before) => before.token > token);
};
