import type { FollowLogOptions } from '@millrace/client';
import { InvalidRequest, type FieldError } from '@millrace/contracts';

const known = ['step', 'level', 'after', 'tail'];
const maxTail = 5_000;

/**
 * Where a stream of a log begins, and what of it is wanted: a client that comes back goes on behind the last line that it
 * saw, whatever its address says. What is in a text is the orchestrator's to check.
 */
export const logQuery = (
  query: Record<string, unknown>,
  lastEventId: string | undefined,
): Pick<FollowLogOptions, 'step' | 'level' | 'after' | 'tail'> => {
  const { tail, ...texts } = query;
  const wrong: FieldError[] = [];
  for (const [field, value] of Object.entries(texts))
    if (!known.includes(field)) wrong.push({ field, message: `is not known: there are ${known.join(', ')}` });
    else if (typeof value !== 'string') wrong.push({ field, message: 'must be given once' });
  if (tail !== undefined && !(typeof tail === 'string' && /^\d{1,4}$/.test(tail) && Number(tail) <= maxTail))
    wrong.push({ field: 'tail', message: `must be a whole number up to ${maxTail}` });
  if (tail !== undefined && texts['after'] !== undefined)
    wrong.push({ field: 'tail', message: "goes without 'after': it begins so many lines before the end" });
  if (lastEventId !== undefined && !/^\d{1,15}$/.test(lastEventId))
    wrong.push({ field: 'Last-Event-ID', message: "must be a line's id" });
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  if (lastEventId !== undefined) return { ...texts, after: lastEventId };
  return { ...texts, ...(tail === undefined ? {} : { tail: Number(tail) }) };
};
