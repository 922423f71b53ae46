import { shorten } from './describe-value.js';

/** For messages: the names that there are, up to twenty. */
export const listNames = (ports: ReadonlyMap<string, unknown>): string => {
  const names = [...ports.keys()];
  const shown = names.slice(0, 20).map((name) => `'${shorten(name)}'`);
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
};
