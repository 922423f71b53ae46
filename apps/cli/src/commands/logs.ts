import { runLog, type RunLogEntry } from '@millrace/contracts';
import { printable } from '../output/printable.js';
import type { Output } from '../output/output.js';
import type { Context } from './context.js';

const colours: Record<string, 'red' | 'yellow'> = { error: 'red', warn: 'yellow' };

const line = (output: Output, { at, step = '', level, message }: RunLogEntry): string => {
  const text = `${at}  ${level.padEnd(5)}  ${step.padEnd(12)}  ${printable(message)}`;
  const colour = colours[level];
  return colour ? output.paint(colour, text) : text;
};

export const logs = async (context: Context, run: string): Promise<void> => {
  await using session = await context.connect();
  const log = await session.client.request(runLog, { run });
  const { output } = context;
  output.result(log, () => log.items.map((entry) => line(output, entry)).join('\n') || 'nothing logged yet');
};
