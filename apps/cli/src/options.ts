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

export const collect = (one: string, before: string[] = []): string[] => [...before, one];

export const paged = (command: Command): Command =>
  command
    .option('--limit <n>', 'how many', whole(1, 1000))
    .option('--after <next>', 'go on from an earlier page');
