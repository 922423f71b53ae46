import { DomainError } from '@millrace/contracts';
import { referencesIn } from './expression.js';
import { fieldOf, type Path } from '@millrace/pipeline/definition';

/**
 * What the language says and runs cannot do yet: refused when it is submitted, so that no pipeline is kept whose
 * statements are passed over. Whoever makes one work takes it out.
 */
export const unsupportedStatements: ReadonlySet<string> = new Set();

export interface Statement {
  name: string;
  path: Path;
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

const statementsOfStep = (step: unknown, path: Path): Statement[] =>
  entriesOf(step).flatMap(([field, value]): Statement[] => {
    const here = [...path, field];
    if (field === 'retry')
      return entriesOf(value).map(([key]) => ({ name: `retry.${key}`, path: [...here, key] }));
    if (field === 'cache')
      return [
        ...(value === 'refresh' ? [{ name: 'cache.refresh', path: here }] : []),
        ...entriesOf(value).map(([key]) => ({ name: `cache.${key}`, path: [...here, key] })),
      ];
    return [
      { name: field, path: here },
      ...referencesIn(value, here).flatMap(({ path: at, reference: { kind } }) =>
        kind === 'secret'
          ? [{ name: 'secrets', path: at }]
          : kind === 'cel'
            ? [{ name: 'expressions', path: at }]
            : [],
      ),
    ];
  });

/** Every statement of a definition, where it stands. */
export const statementsIn = (definition: unknown): Statement[] =>
  entriesOf(definition).flatMap(([field, value]) => [
    { name: field, path: [field] },
    ...(['steps', 'onFailure', 'finally'].includes(field)
      ? entriesOf(value).flatMap(([name, step]) => statementsOfStep(step, [field, name]))
      : []),
  ]);

/** @throws DomainError `unsupported`, naming every statement that cannot be run yet, each with its line */
export const assertSupported = (definition: unknown, lineOf: (path: Path) => number | undefined): void => {
  const fields = statementsIn(definition)
    .filter(({ name }) => unsupportedStatements.has(name))
    .map(({ name, path }) => {
      const line = lineOf(path);
      return {
        field: fieldOf(path),
        message: `'${name}' cannot be run yet`,
        ...(line === undefined ? {} : { line }),
      };
    });
  if (fields.length > 0)
    throw new DomainError(
      'unsupported',
      fields
        .map(
          ({ field, message, line }) => `${line === undefined ? '' : `line ${line}: `}${field}: ${message}`,
        )
        .join('\n'),
      { details: { fields } },
    );
};
