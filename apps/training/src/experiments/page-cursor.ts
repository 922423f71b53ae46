import { InvalidRequest } from '@millrace/contracts';

/** Where a page of experiments, newest first, ended. */
export interface PageCursor {
  createdAt: number;
  id: string;
}

export const writeCursor = ({ createdAt, id }: PageCursor): string => `${createdAt}~${id}`;

/** @throws InvalidRequest when it is not the `next` of a page */
export const readCursor = (text: string): PageCursor => {
  const match = /^(\d{1,15})~(.+)$/s.exec(text);
  if (!match) throw new InvalidRequest([{ field: 'after', message: 'is not the next of a page' }]);
  return { createdAt: Number(match[1]), id: match[2]! };
};
