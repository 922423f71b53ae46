import { createHash } from 'node:crypto';
import { canonicalJson } from '@millrace/artifacts';
import type { PipelineDefinition, TriggerDefinition } from '@millrace/contracts';
import { In, type EntityManager } from 'typeorm';
import { writeRows } from '../database/write-rows.js';
import { InvalidDefinition } from '@millrace/pipeline/definition';
import { isForeign } from './subject-patterns.js';
import { TriggerRow } from './trigger.entity.js';

const idOf = (pipeline: string, trigger: TriggerDefinition): string =>
  createHash('sha256')
    .update(canonicalJson({ pipeline, ...trigger }))
    .digest('hex')
    .slice(0, 20);

const rowOf = (pipeline: string, trigger: TriggerDefinition, since: number): TriggerRow => {
  const { event = null, subject = null, when = null, params = {} } = trigger;
  return {
    ...{ id: idOf(pipeline, trigger), pipeline, event, subject, when, params, since },
    ...{ fired: 0, refused: 0, lastRun: null, lastFiredAt: null, error: null },
  };
};

/** Brings the triggers in line with a new version of their pipeline: what it leaves alone goes on, the rest begins now. */
export const keepTriggers = async (
  em: EntityManager,
  { name: pipeline, triggers = [] }: PipelineDefinition,
  { now, prefix }: { now: number; prefix: string },
): Promise<void> => {
  const problems = triggers.flatMap(({ subject }, index) =>
    subject === undefined || isForeign(subject, prefix)
      ? []
      : [{ path: ['triggers', index, 'subject'], message: `takes in subjects of NATS's or Millrace's own` }],
  );
  if (problems.length > 0) throw new InvalidDefinition(problems);
  const wanted = new Map(triggers.map((trigger) => [idOf(pipeline, trigger), trigger]));
  const known = new Set((await em.findBy(TriggerRow, { pipeline })).map(({ id }) => id));
  const gone = [...known].filter((id) => !wanted.has(id));
  if (gone.length > 0) await em.delete(TriggerRow, { id: In(gone) });
  const fresh = [...wanted].filter(([id]) => !known.has(id));
  await writeRows(
    em,
    TriggerRow,
    fresh.map(([, trigger]) => rowOf(pipeline, trigger, now)),
  );
};
