import type { Ask, Entry } from './ledger.js';

/** What was asked of one run, in order. */
export interface Asks {
  cancels: number;
  resumes: number;
  /** The last answer was to a cancellation, or one had no answer: it may well be cancelled. */
  mayBeCancelled: boolean;
}

export const noAsks: Asks = { cancels: 0, resumes: 0, mayBeCancelled: false };

/** By run. */
export const asksIn = (entries: readonly Entry[]): Map<string, Asks> => {
  const byRun = new Map<string, { type: 'asked' | 'answered'; what: Ask }[]>();
  for (const entry of entries) {
    if (entry.type !== 'asked' && entry.type !== 'answered') continue;
    const own = byRun.get(entry.run);
    if (own) own.push(entry);
    else byRun.set(entry.run, [entry]);
  }
  return new Map([...byRun].map(([run, own]) => [run, asksOf(own)]));
};

const asksOf = (own: readonly { type: 'asked' | 'answered'; what: Ask }[]): Asks => {
  const count = (type: 'asked' | 'answered', what: Ask) =>
    own.filter((one) => one.type === type && one.what === what).length;
  const cancels = count('asked', 'cancel');
  const answers = own.filter(({ type, what }) => type === 'answered' && /cancel|resume/.test(what));
  return {
    cancels,
    resumes: count('asked', 'resume'),
    mayBeCancelled:
      cancels > 0 && (cancels > count('answered', 'cancel') || answers.at(-1)?.what === 'cancel'),
  };
};
