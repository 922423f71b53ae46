const interactive = Boolean(process.stdout.isTTY);
let coloured = interactive && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

export const setColour = (on) => (coloured = on && coloured);
export const isInteractive = () => interactive;

const paint = (code) => (text) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);

export const seconds = (ms) => (ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);

/** Lines at the bottom of a terminal that are shown until others replace them. */
let shown = [];

/** Prints a line for good, above the live ones. */
export const print = (line = '') => {
  const keep = shown;
  live([]);
  process.stdout.write(`${line}\n`);
  live(keep);
};

/** Replaces the live lines; nothing where there is no terminal. */
export const live = (lines) => {
  if (!interactive || (shown.length === 0 && lines.length === 0)) return;
  const width = process.stdout.columns || 80;
  const up = shown.length > 0 ? `\u001b[${shown.length}A\u001b[J` : '';
  process.stdout.write(up + lines.map((line) => `${cut(line, width)}\n`).join(''));
  shown = lines;
};

/** Counts what is seen: colour codes are not. */
const cut = (line, width) => {
  let seen = 0;
  return line.replace(/\u001b\[\d+m|./gu, (part) =>
    part.length > 2 && part[0] === '\u001b' ? part : ++seen < width ? part : '',
  );
};

/**
 * One calm line: what is being done, for how long so far, and at last how long it took.
 * @template T
 * @param {string} title
 * @param {(note: (text: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export const step = async (title, work) => {
  const startedAt = Date.now();
  let note = '';
  const elapsed = () => dim(seconds(Date.now() - startedAt));
  const show = () => live([`… ${title}  ${elapsed()}${note && `  ${dim(note)}`}`]);
  const timer = setInterval(show, 200);
  // Without a terminal silence is all right for a while only.
  const patience = setTimeout(() => interactive || note || print(`… ${title}`), 4_000);
  show();
  try {
    const result = await work((text) => {
      note = text;
      if (!interactive) print(`… ${title} (${text})`);
    });
    live([]);
    print(`${green('✓')} ${title}  ${elapsed()}${note && `  ${dim(note)}`}`);
    return result;
  } catch (error) {
    live([]);
    print(`${red('✗')} ${title}  ${elapsed()}`);
    throw error;
  } finally {
    clearInterval(timer);
    clearTimeout(patience);
  }
};
