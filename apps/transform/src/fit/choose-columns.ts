import { InvalidRequest, type ColumnSchema, type FieldError } from '@millrace/contracts';
import { autoPreprocessing, type PreprocessingSpec } from '@millrace/ml';
import type { FitParams } from './fit.params.js';

const atMost = 50;

/**
 * Which columns are inputs, and their steps: those declared, or all but the label and what is dropped, by their types.
 * @throws InvalidRequest for unknown columns, a label among the inputs, and when nothing is left; all mistakes at once
 */
export const chooseColumns = (columns: readonly ColumnSchema[], params: FitParams): PreprocessingSpec => {
  const { label, columns: declared, drop = [] } = params;
  const names = columns.map(({ name }) => name);
  const known = new Set(names);
  const there = `there are ${names.slice(0, atMost).join(', ')}${names.length > atMost ? ', …' : ''}`;
  const unknown = (field: string, name: string): FieldError[] =>
    known.has(name) ? [] : [{ field, message: `the dataset has no column '${name}'; ${there}` }];
  const mistakes = [
    ...unknown('params.label', label),
    ...drop.flatMap((name, i) => unknown(`params.drop[${i}]`, name)),
    ...Object.keys(declared ?? {}).flatMap((name) => unknown(`params.columns.${name}`, name)),
    ...Object.keys(declared ?? {}).flatMap((name) => contradictions(name, label, drop)),
  ];
  if (mistakes.length > 0) throw new InvalidRequest(mistakes);
  const left = columns.filter(({ name }) => name !== label && !drop.includes(name));
  if (left.length === 0)
    throw new InvalidRequest([{ field: 'params.drop', message: 'no column is left to be an input' }]);
  return declared ? { columns: declared } : autoPreprocessing(left);
};

const contradictions = (name: string, label: string, drop: readonly string[]): FieldError[] => {
  const field = `params.columns.${name}`;
  if (name === label)
    return [{ field, message: `'${name}' is the label: as an input it would give the answer away` }];
  return drop.includes(name) ? [{ field, message: `'${name}' is dropped, and has steps` }] : [];
};
