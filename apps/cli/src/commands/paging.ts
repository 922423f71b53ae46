export interface Paging {
  limit?: number;
  after?: string;
}

export interface Page {
  items: unknown[];
  next?: string;
}

/** A page for people: what to say when it is empty, and how to see more. */
export const listed = ({ items, next }: Page, empty: string, text: () => string): string => {
  if (items.length === 0) return empty;
  return next === undefined ? text() : `${text()}\n\nmore with --after ${next}`;
};
