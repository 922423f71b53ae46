import { InvalidRequest, type FieldError } from '@millrace/contracts';

export type Path = readonly (string | number)[];

/** One mistake in a pipeline definition, where it stands. */
export interface Problem {
  path: Path;
  message: string;
  /** 1-based, when the definition came as text. */
  line?: number;
}

/** `['steps', 'fit', 'after', 0]` → `steps.fit.after[0]` */
export const fieldOf = (path: Path): string =>
  path.reduce<string>(
    (field, key) =>
      typeof key === 'number' ? `${field}[${key}]` : field === '' ? String(key) : `${field}.${key}`,
    '',
  ) || 'definition';

const toField = ({ path, message, line }: Problem): FieldError => ({
  field: fieldOf(path),
  message,
  ...(line === undefined ? {} : { line }),
});

const inOrder = (a: Problem, b: Problem) => (a.line ?? 0) - (b.line ?? 0);

/** A definition that cannot become a pipeline. Every problem at once, each with its line. */
export class InvalidDefinition extends InvalidRequest {
  constructor(problems: readonly Problem[]) {
    const fields = [...problems].sort(inOrder).map(toField);
    const lines = fields.map(
      (f) => `${f.line === undefined ? '' : `line ${f.line}: `}${f.field}: ${f.message}`,
    );
    super(fields, lines.join('\n'));
  }
}
