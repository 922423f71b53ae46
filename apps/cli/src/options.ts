import { logLevels } from '@millrace/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import type { Context } from './commands/context.js';

/** Makes an action of a command: it gets the context and what was given, without Commander's own last argument. */
export type Act = <A extends unknown[]>(
  action: (context: Context, ...rest: A) => Promise<number | void>,
) => (...given: unknown[]) => Promise<void>;

export const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`must be ${min} to ${max}.`);
    return value;
  };

/** One or more of these words with commas between them, as services take them. */
export const someOf =
  (words: readonly string[]) =>
  (text: string): string => {
    const given = text.split(',').map((one) => one.trim());
    if (!given.every((one) => words.includes(one)))
      throw new InvalidArgumentError(`must be one or more of ${words.join(', ')}, with commas between them.`);
    return given.join(',');
  };

/** In which states. */
export const inStates = (states: readonly string[]) =>
  ['--status <list>', `in one of these states: ${states.join(',')}`, someOf(states)] as const;

export const ofLevels = [
  '--level <list>',
  `of these levels: ${logLevels.join(',')}`,
  someOf(logLevels),
] as const;

export const collect = (one: string, before: string[] = []): string[] => [...before, one];

export const paged = (command: Command): Command =>
  command
    .option('--limit <n>', 'how many', whole(1, 1000))
    .option('--after <next>', 'go on from an earlier page');

export const between =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max))
      throw new InvalidArgumentError(`must be ${min} to ${max}.`);
    return value;
  };
