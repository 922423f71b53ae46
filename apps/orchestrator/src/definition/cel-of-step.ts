import type { JsonValue } from '@millrace/contracts';
import type { Cel } from '@millrace/pipeline/cel';
import { compileCel } from '@millrace/pipeline/cel';
import { CelError } from '@millrace/pipeline/cel';
import type { DraftStep } from './draft.js';
import { referencesIn, stepsOf } from './expression.js';

/** Compiled, or nothing where it is no CEL, which is reported elsewhere. */
const celOf = (text: string | undefined): Cel[] => {
  try {
    return text === undefined ? [] : [compileCel(text)];
  } catch (error) {
    if (error instanceof CelError) return [];
    throw error;
  }
};

/** The steps whose outputs or status a step's params and statements read. */
export const stepsRead = ({ params, foreach, when, until }: DraftStep): string[] => [
  ...referencesIn([params, (foreach?.items ?? null) as JsonValue]).flatMap(({ reference }) =>
    reference.kind === 'output' ? [reference.step] : reference.kind === 'cel' ? stepsOf(reference.cel) : [],
  ),
  ...[...celOf(when), ...celOf(until?.condition)].flatMap(stepsOf),
];
