import type { PipelineDefinition } from '@millrace/contracts';
import { parse } from 'yaml';
import { findDescriptor } from '../testing/descriptors.js';
import { findProblems } from './compile.js';
import { parseYaml } from '@millrace/pipeline/definition';

/** `[line, message]` of each problem, with these pipelines stored. */
const problemsOf = (yaml: string, ...stored: string[]): [number | undefined, string][] => {
  const known = new Map(
    stored.map((text) => {
      const definition = parse(text) as PipelineDefinition;
      return [definition.name, definition];
    }),
  );
  const source = parseYaml(yaml);
  return findProblems(source.value, findDescriptor, (name) => known.get(name)).map(({ path, message }) => [
    source.lineOf(path),
    message,
  ]);
};
const runs = (name: string, ...others: string[]) =>
  `name: ${name}\nsteps:\n${others.map((other, i) => `  s${i}: { pipeline: ${other} }`).join('\n')}`;
const leaf = (name: string) => `name: ${name}\nsteps: { a: { component: test.any } }`;

describe('pipelines that run each other', () => {
  it('in a circle that the one that is submitted is no part of', () => {
    expect(problemsOf(runs('top', 'left'), runs('left', 'right'), runs('right', 'left'))).toEqual([
      [3, 'pipelines would run each other without end: top → left → right → left'],
    ]);
  });

  it('too deep', () => {
    const chain = Array.from({ length: 8 }, (_, i) => runs(`p${i}`, `p${i + 1}`));
    expect(problemsOf(runs('top', 'p1'), ...chain, leaf('p8'))).toEqual([]);
    expect(problemsOf(runs('top', 'p0'), ...chain, leaf('p8'))).toEqual([
      [3, 'pipelines run each other more than 8 deep'],
    ]);
  });

  it('over and over, so that a few lines would come to more steps than anybody could do', () => {
    const wide = Array.from({ length: 7 }, (_, i) => runs(`p${i}`, ...Array<string>(90).fill(`p${i + 1}`)));
    expect(problemsOf(runs('top', 'p7', 'p0', 'p0'), ...wide, leaf('p7'))).toEqual([
      [4, 'comes, with all that pipelines run, to more than 10000 steps'],
    ]);
  });

  it('with names of JavaScript, or of nothing', () => {
    expect(problemsOf(runs('top', 'constructor'))).toEqual([[3, "there is no pipeline 'constructor'"]]);
    expect(problemsOf('name: top\nsteps: { a: { pipeline: [x] } }')).toEqual([[2, 'must be string']]);
  });
});

describe('what is given to a pipeline', () => {
  const typed = `name: typed
params:
  text: { type: string, default: a }
  whole: { type: integer, default: 1 }
  list: { type: array, default: [] }
steps: { a: { component: test.any } }`;
  const given = (params: string) =>
    problemsOf(
      `name: top
params: { s: { type: string, default: a }, n: { type: number, default: 1 } }
steps:
  any: { component: test.any, foreach: { items: [1] } }
  ask: { approval: {} }
  it: { pipeline: typed, foreach: { items: [1] }, params: ${params} }`,
      typed,
    ).map(([, message]) => message);

  it.each([
    ["{ text: '${{ params.s }}', whole: '${{ params.n }}', list: '${{ steps.any.outputs.value }}' }"],
    ["{ text: 'a${{ params.n }}', whole: '${{ item }}', list: ['${{ params.n }}'] }"],
    ["{ text: '${{ steps.ask.outputs.by }}', whole: '${{ 1 + 1 }}', list: '${{ [1].map(x, x) }}' }"],
  ])('fits: %s', (params) => {
    expect(given(params)).toEqual([]);
  });

  it.each([
    ["{ whole: '${{ params.s }}' }", 'must be an integer, and is given string'],
    ["{ whole: 'a${{ params.n }}' }", 'must be an integer, and is given string'],
    ["{ text: '${{ params.n }}' }", 'must be a string, and is given number'],
    ["{ text: '${{ 1 + 1 }}' }", 'must be a string, and is given integer'],
    ["{ list: '${{ steps.ask.outputs.by }}' }", 'must be an array, and is given string'],
    ["{ text: '${{ steps.any.outputs.value }}' }", 'must be a string, and is given array'],
    ["{ text: ['${{ params.s }}'] }", 'must be a string'],
  ])('does not: %s', (params, message) => {
    expect(given(params)).toEqual([message]);
  });
});
