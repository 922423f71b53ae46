import { InvalidRequest, type FieldError } from '@millrace/contracts';

export type Path = readonly (string | number)[];

/** One mistake in a definition (of a pipeline, or an inference graph), where it stands. */
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

/** Who has so many has the same mistake many times; and all of them have to fit into one answer. */
export const maxProblems = 100;

const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** A definition that cannot become what it defines. Every problem at once (of very many, the first), each with its line. */
export class InvalidDefinition extends InvalidRequest {
  constructor(problems: readonly Problem[]) {
    const fields = [...problems]
      .sort(inOrder)
      .slice(0, maxProblems)
      .map(toField)
      .map((one) => ({ ...one, field: shorten(one.field, 300), message: shorten(one.message, 1_000) }));
    const lines = fields.map(
      (f) => `${f.line === undefined ? '' : `line ${f.line}: `}${f.field}: ${f.message}`,
    );
    const more = problems.length - fields.length;
    super(fields, [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
  }
}
