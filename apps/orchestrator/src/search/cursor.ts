import { InvalidRequest } from '@millrace/contracts';

const runId = /^[0-9a-z]{20,40}$/;

const wrong = (): InvalidRequest =>
  new InvalidRequest([{ field: 'after', message: "must be the 'next' of the page before" }]);

/** @throws InvalidRequest on `after`: anything else would be passed over in silence, and be the beginning, or the end */
export const integerCursor = (after: string | undefined): number => {
  const value = Number(after);
  if (!/^\d{1,15}$/.test(after ?? '')) throw wrong();
  return value;
};

/** Where pages are ordered by the id of a run, or of something with such an id. */
export const idCursor = (after: string): string => {
  if (!runId.test(after)) throw wrong();
  return after;
};

/** Where pages are ordered by steps: `<run>/<position>`. */
export const stepCursor = (after: string): [run: string, position: number] => {
  const [run = '', position, ...more] = after.split('/');
  if (more.length > 0) throw wrong();
  return [idCursor(run), integerCursor(position)];
};
