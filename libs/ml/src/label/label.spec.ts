import type { Column } from '../table/table.js';
import { encodeClasses, encodeTarget, learnLabel } from './label.js';

const number = (...values: number[]): Column => ({ kind: 'number', values: Float64Array.from(values) });
const string = (...values: (string | null)[]): Column => ({ kind: 'string', values });
const boolean = (...values: number[]): Column => ({ kind: 'boolean', values: Float64Array.from(values) });

it.each([
  ['two numbers', number(1, 0, 1), { task: 'binary', classes: [0, 1] }],
  ['many numbers', number(1, 2, 3), { task: 'regression' }],
  ['booleans', boolean(1, 0), { task: 'binary', classes: [false, true] }],
  ['two strings', string('no', 'yes', 'no'), { task: 'binary', classes: ['no', 'yes'] }],
  ['three strings', string('c', 'a', 'b'), { task: 'multiclass', classes: ['a', 'b', 'c'] }],
] as const)('learns the task of %s', (_, column, expected) => {
  expect(learnLabel('y', column as Column)).toEqual(expected);
});

it('does what it is told where the type leaves a choice', () => {
  expect(learnLabel('y', number(10, 9, 2), 'multiclass')).toEqual({
    task: 'multiclass',
    classes: [2, 9, 10],
  });
  expect(learnLabel('y', number(0, 1), 'regression')).toEqual({ task: 'regression' });
  expect(learnLabel('y', number(0, 1), 'multiclass').task).toBe('binary');
});

it.each([
  [
    'a NaN target, naming the row',
    number(0, NaN, 1),
    'auto',
    { code: 'missing_label', details: { column: 'y', row: 1 } },
  ],
  [
    'an infinite target',
    number(0, 1, Infinity),
    'auto',
    { code: 'missing_label', details: { column: 'y', row: 2 } },
  ],
  ['a missing class', string('a', null), 'auto', { code: 'missing_label', details: { column: 'y', row: 1 } }],
  ['an empty class', string('', 'a'), 'auto', { code: 'missing_label', details: { column: 'y', row: 0 } }],
  ['a single class', string('a', 'a'), 'auto', { code: 'single_class' }],
  ['a constant number', number(3, 3), 'auto', { code: 'single_class' }],
  ['three classes as binary', string('a', 'b', 'c'), 'binary', { code: 'too_many_classes' }],
  [
    'a class per row',
    number(...Array.from({ length: 1001 }, (_, i) => i)),
    'multiclass',
    { code: 'too_many_classes' },
  ],
  ['regression on strings', string('a', 'b'), 'regression', { code: 'column_type' }],
  ['a timestamp', { kind: 'timestamp', values: Float64Array.of(1, 2) }, 'auto', { code: 'column_type' }],
  ['no rows', number(), 'auto', { code: 'no_rows' }],
] as const)('refuses %s', (_, column, task, expected) => {
  expect(() => learnLabel('y', column as Column, task)).toThrow(expect.objectContaining(expected));
});

it('encodes classes by index and refuses what it does not know, naming the row', () => {
  expect([...encodeClasses('y', boolean(1, 0), [false, true])]).toEqual([1, 0]);
  expect([...encodeClasses('y', string('b', 'a'), ['a', 'b'])]).toEqual([1, 0]);
  expect(() => encodeClasses('y', string('a', 'z'), ['a', 'b'])).toThrow(
    expect.objectContaining({ code: 'unknown_class', details: { column: 'y', row: 1 } }),
  );
  expect(() => encodeClasses('y', string('a', null), ['a', 'b'])).toThrow(
    expect.objectContaining({ code: 'missing_label', details: { column: 'y', row: 1 } }),
  );
});

it('encodes numeric targets and refuses NaN, naming the row', () => {
  expect([...encodeTarget('y', number(1.5, 2))]).toEqual([1.5, 2]);
  expect(() => encodeTarget('y', number(1, NaN))).toThrow(
    expect.objectContaining({ code: 'missing_label', details: { column: 'y', row: 1 } }),
  );
  expect(() => encodeTarget('y', string('1'))).toThrow(expect.objectContaining({ code: 'column_type' }));
});
