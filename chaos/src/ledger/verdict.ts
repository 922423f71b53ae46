import { asksIn } from './asks.js';
import { traceFamily } from './families.js';
import { isFenced, keyOf, noFindings, type Findings } from './findings.js';
import { judgeRun } from './judge-run.js';
import type { Effect } from './ledger.js';
import { judgeLimits } from './limits.js';
import { entriesOf, traceOrigins, type OriginEvidence } from './origins.js';
import { isChild, type ChildRecord } from './rows.js';

export interface Evidence extends OriginEvidence {
  effects: readonly Effect[];
}

export interface Verdict {
  findings: Findings;
  counts: {
    intended: number;
    acknowledged: number;
    /** Runs that began by a tick, and by a message. */
    ticks: number;
    messages: number;
    /** Runs that others began for a step. */
    children: number;
    finished: number;
    executions: number;
    /** Executions beyond the first of an attempt: allowed, for their key is the same and only one is believed. */
    repeated: number;
    /** Executions that a receiver with a fence would have refused. */
    fenced: number;
    /** Steps that failed because the bytes of what they read were not those of its digest. */
    refused: number;
  };
}

/** Not of a run below: that counts for itself. */
const isOwn = (path: string): boolean => !path.includes('/');

const finished = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * The ledger: lost = acknowledged without an end, a tick or a stored message without a run; phantom = there without having
 * been intended or begun for an attempt; wrong = not what the sums say, or not what somebody was told; duplicate = two executions of one step were
 * believed, or said different things; stale = believed under a token that was not the step's, or after a newer one had done
 * its work; crowded = more at once than a limit allows.
 */
export const judge = (evidence: Evidence): Verdict => {
  const { entries, effects, runs } = evidence;
  const findings = noFindings();
  const spoiled = new Set(entriesOf(entries, 'spoiled').map(({ digest }) => digest));
  const byKey = groupByKey(effects);
  const children = runs.filter(isChild);
  const register = {
    ...{ byKey, spoiled, asks: asksIn(entries), below: groupByParent(children) },
    runs: new Map(runs.map((record) => [record.run, record])),
  };
  const tops = { ...evidence, runs: runs.filter((record) => !isChild(record)) };
  const cases = traceOrigins(tops, findings).flatMap((origin) => traceFamily(origin, register, findings));
  for (const child of children)
    if (!register.runs.has(child.parent.run))
      findings.phantom.push(`run ${child.run} (${child.pipeline}) of ${child.parent.run}, which is none`);
  for (const one of cases)
    if (finished.has(one.record.status)) judgeRun(one, findings);
    else findings.lost.push(`${one.record.run} ${one.record.pipeline}: ${one.record.status}`);
  judgeLimits(cases, findings);
  judgeSeen(evidence, findings);
  judgeStrays(evidence, findings);

  const count = (type: 'intended' | 'acknowledged') => entriesOf(entries, type).length;
  const from = (prefix: string) => runs.filter(({ key }) => key?.startsWith(prefix)).length;
  return {
    findings,
    counts: {
      intended: count('intended'),
      acknowledged: count('acknowledged'),
      ticks: from('schedule/'),
      messages: from('trigger/'),
      children: children.length,
      finished: runs.filter(({ status }) => finished.has(status)).length,
      executions: effects.length,
      repeated: effects.length - new Set(effects.map((one) => `${keyOf(one)}/${one.attempt}`)).size,
      fenced: [...byKey.values()].reduce(
        (sum, own) => sum + own.filter((_, i) => isFenced(own, i)).length,
        0,
      ),
      refused: cases.reduce((sum, { refused }) => sum + [...refused].filter(isOwn).length, 0),
    },
  };
};

/** An end that somebody was told of stays. */
const judgeSeen = ({ entries, runs }: Evidence, { wrong }: Findings): void => {
  const statuses = new Map(runs.map(({ run, status }) => [run, status]));
  for (const { run, status } of entriesOf(entries, 'seen'))
    if (statuses.get(run) !== status)
      wrong.push(`${run}: ${statuses.get(run)}, and was told to be ${status}`);
};

const judgeStrays = ({ effects, runs }: Evidence, { phantom }: Findings): void => {
  const steps = new Set(runs.flatMap(({ run, steps: own }) => own.map(({ step }) => keyOf({ run, step }))));
  for (const effect of effects) if (!steps.has(keyOf(effect))) phantom.push(`effect of ${keyOf(effect)}`);
};

const groupByParent = (children: readonly ChildRecord[]): Map<string, ChildRecord[]> => {
  const groups = new Map<string, ChildRecord[]>();
  for (const child of children) {
    const own = groups.get(child.parent.run);
    if (own) own.push(child);
    else groups.set(child.parent.run, [child]);
  }
  return groups;
};

const groupByKey = (effects: readonly Effect[]): Map<string, Effect[]> => {
  const groups = new Map<string, Effect[]>();
  for (const effect of effects) {
    const own = groups.get(keyOf(effect));
    if (own) own.push(effect);
    else groups.set(keyOf(effect), [effect]);
  }
  return groups;
};
