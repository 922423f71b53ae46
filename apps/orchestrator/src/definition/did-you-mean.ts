import leven from 'leven';

/** Longer ones nobody meant to write; and comparing costs their length. */
const maxLength = 64;

/**
 * How many different wrong names are compared with one set of names: no more are shown, and comparing all of a hostile
 * definition with all its steps takes half a minute.
 */
export const maxGuesses = 100;

const nearest = (name: string, names: Iterable<string>): string => {
  if (name.length > maxLength) return '';
  const most = Math.max(1, Math.floor(name.length / 3));
  let [found, least] = ['', most + 1];
  for (const one of names) {
    if (one.length > maxLength || Math.abs(one.length - name.length) >= least) continue;
    const isSame = one.toLowerCase() === name.toLowerCase();
    const distance = isSame ? 0 : leven(name, one, { maxDistance: least });
    if (distance < least) [found, least] = [one, distance];
  }
  return found;
};

const guesses = new WeakMap<ReadonlyMap<string, unknown>, Map<string, string>>();

const hint = (guess: string): string => (guess === '' ? '' : `; did you mean '${guess}'?`);

/** `; did you mean 'retry'?`, where one of a few names is near enough to be what was meant. */
export const didYouMean = (name: string, names: Iterable<string>): string => hint(nearest(name, names));

/** The same where there may be thousands of names, and as many that are like none of them. */
export const didYouMeanIn = (name: string, known: ReadonlyMap<string, unknown>): string => {
  const before = guesses.get(known) ?? new Map<string, string>();
  guesses.set(known, before);
  if (!before.has(name) && before.size < maxGuesses) before.set(name, nearest(name, known.keys()));
  return hint(before.get(name) ?? '');
};
