import type { Answers } from '@millrace/messaging';

/**
 * What the replicas said. @throws when none of them could: why, and rather what passes than that there is nothing, for one
 * that only starts knows of nothing yet
 */
export const repliesOf = <R>({ replies, errors }: Answers<R>): R[] => {
  const [first] = errors;
  if (replies.length > 0 || !first) return replies;
  throw errors.find(({ code }) => code !== 'not_found') ?? first;
};
