import type { JsonValue } from '@millrace/contracts';

declare const type: unique symbol;

const isName = (key: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);

/** `a`, `b` → `a.b`; what is no name of CEL stands in brackets. */
export const member = (text: string, key: string | number): string =>
  typeof key === 'string' && isName(key) ? `${text}.${key}` : `${text}[${JSON.stringify(key)}]`;

/**
 * Something that is known when a run gets there: a parameter, an output, or CEL over them. `T` is the type of its value.
 * In a text it becomes `${{ … }}`, so `` `a/${rows}` `` is what it looks like.
 */
export class Expression<T = unknown> {
  declare readonly [type]: T;

  constructor(
    /** As CEL. */
    readonly cel: string,
    /** Between `${{` and `}}`, where that may be shorter than CEL. */
    private readonly template = cel,
  ) {}

  /** A field of an object, an item of a list. */
  get<K extends keyof T & (string | number)>(key: K): Expression<T[K]> {
    return new Expression(member(this.cel, key));
  }

  toString(): string {
    return `\${{ ${this.template} }}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** A value, or an expression of one; inside of objects and lists, too. */
export type Given<T> =
  | Expression<T>
  | (T extends readonly (infer I)[] ? Given<I>[] : T extends object ? { [K in keyof T]: Given<T[K]> } : T);

/**
 * CEL with values in it: expressions stand for themselves, everything else as a literal.
 * `` cel<boolean>`${rows} > ${10}` `` → `params.rows > 10`
 */
export const cel = <T = unknown>(
  texts: TemplateStringsArray,
  ...values: readonly (Expression | JsonValue)[]
): Expression<T> =>
  new Expression(
    texts
      .flatMap((text, index) => {
        const value = values[index];
        if (index >= values.length) return [text];
        return [text, value instanceof Expression ? value.cel : JSON.stringify(value)];
      })
      .join(''),
  );

/** A text for `when` and `until`. */
export type Condition = string | Expression<boolean>;
export const conditionText = (condition: Condition): string =>
  typeof condition === 'string' ? condition : condition.cel;

/** Resolved by whoever does the step; stands alone, and only in the params of a component. */
export class Secret {
  constructor(readonly name: string) {}
  toJSON(): string {
    return `\${{ secrets.${this.name} }}`;
  }
  /** Within another text it would have to be known. */
  toString(): never {
    throw new TypeError(`secret '${this.name}' cannot stand within a text`);
  }
}

export const secret = (name: string): Secret => new Secret(name);

/** Of the run, in `onFailure` and `finally`. */
export const run = {
  status: new Expression<string>('run.status'),
  error: new Expression<{ code: string; message: string }>('run.error'),
  failedStep: new Expression<string>('run.failedStep'),
} as const;

/** Plain JSON, with expressions as texts. */
export const plain = <T>(value: unknown): T => JSON.parse(JSON.stringify(value)) as T;
