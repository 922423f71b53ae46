import { Skipped, type Case } from './case.js';

export interface Result {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  message?: string;
}

/** One after the other: some change what others look at. */
export const runCases = async (
  cases: readonly Case[],
  tell: (result: Result) => void = () => {},
): Promise<Result[]> => {
  const results: Result[] = [];
  for (const one of cases) {
    const result = await runCase(one);
    results.push(result);
    tell(result);
  }
  return results;
};

const runCase = async ({ name, run }: Case): Promise<Result> => {
  try {
    await run();
    return { name, outcome: 'passed' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, outcome: error instanceof Skipped ? 'skipped' : 'failed', message };
  }
};
