import type { PipelineDefinition } from '@millrace/contracts';
import { expectedOf } from '../workload/expected.js';
import { isFenced, keyOf, type Findings } from './findings.js';
import { judgeRun } from './judge-run.js';
import type { Effect, Entry } from './ledger.js';
import type { RunRecord } from './rows.js';

export interface Evidence {
  entries: readonly Entry[];
  effects: readonly Effect[];
  runs: readonly RunRecord[];
  pipelines: readonly PipelineDefinition[];
}

export interface Verdict {
  findings: Findings;
  counts: {
    intended: number;
    acknowledged: number;
    finished: number;
    executions: number;
    /** Executions beyond the first of a step: allowed, for their key is the same and only one is believed. */
    repeated: number;
    /** Executions that a receiver with a fence would have refused. */
    fenced: number;
  };
}

const finished = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * The ledger: lost = acknowledged without an end; phantom = there without having been intended; wrong = not what the sums
 * say; duplicate = two executions of one step were believed, or said different things; stale = believed under a token that
 * was not the step's, or after a newer one had done its work.
 */
export const judge = ({ entries, effects, runs, pipelines }: Evidence): Verdict => {
  const findings: Findings = { lost: [], phantom: [], wrong: [], duplicate: [], stale: [] };
  const intended = new Map(
    entries.flatMap((entry) => (entry.type === 'intended' ? [[entry.key, entry]] : [])),
  );
  const acknowledged = entries.flatMap((entry) => (entry.type === 'acknowledged' ? [entry] : []));
  const cancelling = new Set(entries.flatMap((entry) => (entry.type === 'cancelling' ? [entry.run] : [])));
  const byRun = new Map(runs.map((run) => [run.run, run]));
  const definitions = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));
  const byKey = groupByKey(effects);

  for (const { key, run } of acknowledged) {
    const record = byRun.get(run);
    if (!record || !finished.has(record.status))
      findings.lost.push(`${key} ${run}: ${record?.status ?? 'gone'}`);
    else if (record.key !== key) findings.phantom.push(`${run} has the key ${record.key}, not ${key}`);
  }
  const keys = new Set<string>();
  for (const record of runs) {
    const intent = intended.get(record.key ?? '');
    const definition = definitions.get(record.pipeline);
    if (!intent || !definition || intent.pipeline !== record.pipeline || keys.has(intent.key)) {
      findings.phantom.push(`run ${record.run} (${record.pipeline}, ${record.key})`);
      continue;
    }
    keys.add(intent.key);
    if (!finished.has(record.status)) findings.lost.push(`${record.run}: ${record.status}`);
    const expected = expectedOf(definition, intent.x);
    judgeRun({ record, definition, expected, byKey, mayBeCancelled: cancelling.has(record.run) }, findings);
  }
  for (const effect of effects)
    if (!byRun.has(effect.run)) findings.phantom.push(`effect of ${keyOf(effect)}`);

  const fenced = [...byKey.values()].reduce(
    (sum, own) => sum + own.filter((_, i) => isFenced(own, i)).length,
    0,
  );
  return {
    findings,
    counts: {
      intended: intended.size,
      acknowledged: acknowledged.length,
      finished: runs.filter(({ status }) => finished.has(status)).length,
      executions: effects.length,
      repeated: effects.length - byKey.size,
      fenced,
    },
  };
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
