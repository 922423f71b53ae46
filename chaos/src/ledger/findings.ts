import type { Effect } from './ledger.js';

/** What must not be; each with the places where it is. */
export const faultKinds = ['lost', 'phantom', 'wrong', 'duplicate', 'stale'] as const;
export type FaultKind = (typeof faultKinds)[number];
export type Findings = Record<FaultKind, string[]>;

export const keyOf = ({ run, step }: { run: string; step: string }): string => `${run}/${step}`;

/** Whether a newer token came before it. */
export const isFenced = (effectsOfStep: readonly Effect[], index: number): boolean => {
  const token = effectsOfStep[index]?.token ?? 0;
  return effectsOfStep.slice(0, index).some((before) => before.token > token);
};
