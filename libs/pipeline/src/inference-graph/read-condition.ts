import { CelError } from '../cel/cel-error.js';
import type { Cel } from '../cel/cel.js';
import { compileCel } from '../cel/compile-cel.js';

/** A condition over `parameters` and `inputs`. @returns undefined where it has mistakes */
export const readCondition = (text: string, say: (message: string) => void): Cel | undefined => {
  try {
    const cel = compileCel(text);
    const bad = cel.names.find(([root, name]) => root !== 'parameters' && (root !== 'inputs' || !name));
    if (bad?.[0] === 'inputs') say('must name the input: inputs.<name>');
    else if (bad) say(`'${bad[0]}' is not known: there are parameters.<name> and inputs.<name>`);
    else if (!['bool', 'dyn'].includes(cel.type)) say(`must be true or false, and is ${cel.type}`);
    else return cel;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    say(error.at === undefined ? error.message : `${error.message} (at character ${error.at + 1})`);
  }
  return undefined;
};

/** The inputs that a condition reads. */
export const inputsRead = ({ names }: Cel): string[] =>
  names.flatMap(([root, name]) => (root === 'inputs' && name !== undefined ? [name] : []));
