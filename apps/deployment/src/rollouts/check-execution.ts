import type { ExecutionOptions, FieldError } from '@millrace/contracts';

/** What runners have no use for: to ask for it and not to get it would surprise. */
const useless: Partial<Record<NonNullable<ExecutionOptions['runner']>, (keyof ExecutionOptions)[]>> = {
  inline: ['runners', 'timeoutMs', 'memoryMb'],
  thread: ['memoryMb'],
};

/** What single options can't say. */
export const checkExecution = (execution: ExecutionOptions | undefined): FieldError[] => {
  if (!execution) return [];
  const { runner = 'auto', preferredBatchRows: preferred = [], maxBatchRows } = execution;
  const descending = preferred.findIndex((rows, i) => i > 0 && rows <= preferred[i - 1]!);
  const tooLarge = preferred.findIndex((rows) => maxBatchRows !== undefined && rows > maxBatchRows);
  return [
    ...(useless[runner] ?? [])
      .filter((name) => execution[name] !== undefined)
      .map((name) => error(name, `means nothing to the runner '${runner}'`)),
    ...(descending < 0
      ? []
      : [error(`preferredBatchRows[${descending}]`, 'must be more than the one before')]),
    ...(tooLarge < 0
      ? []
      : [error(`preferredBatchRows[${tooLarge}]`, `must not be more than maxBatchRows, ${maxBatchRows}`)]),
  ];
};

const error = (name: string, message: string): FieldError => ({ field: `execution.${name}`, message });
