import { faultKinds } from '../ledger/findings.js';
import type { Verdict } from '../ledger/verdict.js';
import { isEmpty, type Leftovers } from './settle.js';

/** What came of it. */
export interface Report extends Verdict {
  left: Leftovers;
  integrity: string;
  brokenArtifacts: string[];
  /** How often what was done. */
  inflicted: Record<string, number>;
  /** Of processes, all together. */
  starts: number;
  steps: number;
  stormMs: number;
  totalMs: number;
}

export const isGood = ({ findings, left, integrity, brokenArtifacts }: Report): boolean =>
  faultKinds.every((kind) => findings[kind].length === 0) &&
  isEmpty(left) &&
  integrity === 'ok' &&
  brokenArtifacts.length === 0;

const examples = 5;

/** For people. */
export const textOf = (report: Report): string => {
  const { findings, counts, left, integrity, brokenArtifacts, inflicted, starts, stormMs, totalMs, steps } =
    report;
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    `runs       ${counts.intended} intended, ${counts.acknowledged} acknowledged, ${counts.ticks} by a schedule, ` +
      `${counts.messages} by a trigger, ${counts.children} for steps of others, ${counts.finished} finished, ${steps} steps`,
    `executions ${counts.executions}, ${counts.repeated} of them repeated, ${counts.fenced} behind a fence, ` +
      `${counts.refused} refused what they read`,
    `faults     ${Object.entries(inflicted)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}; ${starts} starts of processes`,
    `time       ${seconds(stormMs)} of faults, ${seconds(totalMs)} in all`,
    ...faultKinds.flatMap((kind) => [
      `${kind.padEnd(10)} ${findings[kind].length}`,
      ...findings[kind].slice(0, examples).map((where) => `             ${where}`),
    ]),
    `left       ${Object.entries(left)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ')}`,
    `artifacts  ${brokenArtifacts.length} broken`,
    `integrity  ${integrity}`,
  ].join('\n');
};
