import { DomainError, pipelineSchema, type PipelineDefinition } from '@millrace/contracts';
import { documented, examples } from '../testing/documented.js';
import { compile } from './compile.js';
import { parseYaml } from '@millrace/pipeline/definition';
import { planOf } from './plan.js';
import { statementsIn, unsupportedStatements } from './supported-statements.js';

const find = (name: string) => documented.find((descriptor) => descriptor.name === name);
const loading: PipelineDefinition = {
  name: 'loading',
  params: { rows: { type: 'integer' } },
  steps: { import: { component: 'files.load', params: { source: 'a' } } },
};
const pipelines = (name: string) => (name === 'loading' ? loading : undefined);
const fieldsOf = (schema: unknown): string[] =>
  Object.keys((schema as { properties: Record<string, unknown> }).properties);

describe('docs/pipelines.md', () => {
  it.each(examples())('$heading', ({ yaml }) => {
    const source = parseYaml(yaml);
    const later = statementsIn(source.value).find(({ name }) => unsupportedStatements.has(name));
    const attempt = () => compile(source, find, pipelines);
    if (later) {
      expect(attempt).toThrow(expect.objectContaining({ code: 'unsupported' }) as DomainError);
      return;
    }
    const definition = attempt();
    const { steps, onFailure, finally: last } = definition;
    const names = Object.keys({ ...steps, ...onFailure, ...last });
    expect(
      planOf(definition, find)
        .steps.map(({ name }) => name)
        .sort(),
    ).toEqual(names.sort());
  });

  it('has an example of every statement', () => {
    const said = new Set(
      examples()
        .flatMap(({ yaml }) => statementsIn(parseYaml(yaml).value))
        .map(({ name }) => name),
    );
    const { steps } = pipelineSchema['properties'] as { steps: { additionalProperties: unknown } };
    const statements = [...fieldsOf(pipelineSchema), ...fieldsOf(steps.additionalProperties)]
      .flatMap((name) =>
        name === 'retry'
          ? [
              'retry.attempts',
              'retry.backoffMs',
              'retry.factor',
              'retry.maxBackoffMs',
              'retry.jitter',
              'retry.on',
            ]
          : [name],
      )
      .flatMap((name) => (name === 'cache' ? ['cache.refresh', 'cache.ttlMs'] : [name]));
    expect([...statements, 'secrets', 'expressions'].filter((name) => !said.has(name))).toEqual([]);
  });
});
