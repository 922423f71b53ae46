import { DomainError, type PipelineDefinition } from '@millrace/contracts';
import { parse } from 'yaml';
import { compile } from '../definition/compile.js';
import { parseYaml } from '@millrace/pipeline/definition';
import { findDescriptor } from './descriptors.js';

const stored = new Map<string, PipelineDefinition>(
  [
    'name: other\nparams: { rows: { type: integer }, who: { type: string, default: me } }\nsteps: { split-it: { component: data.split, inputs: { dataset: in.dataset } }, in: { component: data.import, params: { source: a } } }',
    'name: nested\nsteps: { run: { pipeline: other, params: { rows: 1 } }, each: { component: test.any, foreach: { items: [1] } } }',
    'name: back\nsteps: { go: { pipeline: round } }',
    'name: far\nsteps: { a: { component: test.any } }\nfinally: { go: { pipeline: back } }',
  ].map((yaml) => {
    const definition = parse(yaml) as PipelineDefinition;
    return [definition.name, definition];
  }),
);

/** `[line, field, message]` of each problem, in order; what cannot be run yet is none. */
export const problemsOf = (yaml: string): [number | undefined, string, string][] => {
  try {
    compile(parseYaml(yaml), findDescriptor, (name) => stored.get(name));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code === 'unsupported') return [];
    return (error.details?.fields ?? []).map(({ line, field, message }) => [line, field, message]);
  }
  return [];
};

/** A pipeline, and one whose step `it` begins on line 6. */
export const pipeline = (...lines: string[]) => ['name: round', ...lines].join('\n');
export const stepIt = (...lines: string[]) =>
  pipeline(
    'params: { rows: { type: integer, default: 1 }, list: { type: array, default: [] } }',
    'steps:',
    '  import: { component: data.import, params: { source: a } }',
    '  any-thing: { component: test.any }',
    '  it:',
    '    component: test.any',
    ...lines.map((line) => `    ${line}`),
  );
