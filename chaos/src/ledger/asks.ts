import type { Ask, Entry } from './ledger.js';

/** What was asked of one run, in order. */
export interface Asks {
  cancels: number;
  resumes: number;
  /** The last answer was to a cancellation, or one had no answer: it may well be cancelled. */
  mayBeCancelled: boolean;
}

export const noAsks: Asks = { cancels: 0, resumes: 0, mayBeCancelled: false };

/** What is asked of a run is asked of those that it began, too. */
export const withAbove = (own: Asks, above: Asks): Asks => ({
  cancels: own.cancels + above.cancels,
  resumes: own.resumes + above.resumes,
  mayBeCancelled: own.mayBeCancelled || above.mayBeCancelled,
});

type About = Extract<Entry, { what: Ask }>;

/** By run. */
export const asksIn = (entries: readonly Entry[]): Map<string, Asks> => {
  const byRun = new Map<string, About[]>();
  for (const entry of entries) {
    if (!('what' in entry)) continue;
    const own = byRun.get(entry.run);
    if (own) own.push(entry);
    else byRun.set(entry.run, [entry]);
  }
  return new Map([...byRun].map(([run, own]) => [run, asksOf(own)]));
};

const asksOf = (own: readonly About[]): Asks => {
  const count = (type: About['type'], what: Ask) =>
    own.filter((one) => one.type === type && one.what === what).length;
  const cancels = count('asked', 'cancel') - count('refused', 'cancel');
  const answers = own.filter(({ type, what }) => type === 'answered' && /cancel|resume/.test(what));
  return {
    cancels,
    resumes: count('asked', 'resume') - count('refused', 'resume'),
    mayBeCancelled:
      cancels > 0 && (cancels > count('answered', 'cancel') || answers.at(-1)?.what === 'cancel'),
  };
};
