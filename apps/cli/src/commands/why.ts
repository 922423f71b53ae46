import { stepWhy, type CacheDifference, type StepWhy } from '@millrace/contracts';
import { oneLine } from '../output/printable.js';
import { table, type Cell } from '../output/table.js';
import { ask } from './ask.js';
import type { Context } from './context.js';

const row = ({ what, now, before }: CacheDifference): Cell[] => [what, before, now];

const textOf = ({ step, status, cache, reason, comparedWith, differences = [] }: StepWhy): string => {
  const head = `step ${step} ${status}: cache ${cache}: ${oneLine(reason)}`;
  if (comparedWith === undefined) return head;
  return differences.length === 0
    ? `${head}\nnothing it depends on has changed since run ${comparedWith}`
    : `${head}\n\ndifferent from run ${comparedWith}:\n${table(['what', 'before', 'now'], differences.map(row))}`;
};

export const why = async (context: Context, run: string, step: string): Promise<void> =>
  void (await ask(context, stepWhy, { run, step }, textOf));
