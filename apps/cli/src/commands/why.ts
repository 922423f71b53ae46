import { stepWhy, type CacheDifference, type StepWhy } from '@millrace/contracts';
import { oneLine } from '../output/printable.js';
import { ask } from './ask.js';
import type { Context } from './context.js';

const line = ({ what, now = 'not there', before = 'not there' }: CacheDifference): string =>
  oneLine(`${what}: ${before} → ${now}`);

const textOf = ({ step, status, cache, reason, comparedWith, differences = [] }: StepWhy): string => {
  const head = `step ${step} ${status}: cache ${cache}: ${oneLine(reason)}`;
  if (comparedWith === undefined) return head;
  return differences.length === 0
    ? `${head}\nnothing it depends on has changed since run ${comparedWith}`
    : `${head}\n\ndifferent from run ${comparedWith}:\n${differences.map((one) => `  ${line(one)}`).join('\n')}`;
};

export const why = async (context: Context, run: string, step: string): Promise<void> =>
  void (await ask(context, stepWhy, { run, step }, textOf));
