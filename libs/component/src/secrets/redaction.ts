import { DomainError, toDomainError } from '@millrace/contracts';

/** What stands where a secret would. */
export const mask = '***';

/** Shorter ones are everywhere; taking them out would only show where they are. */
const minLength = 4;
const maxDepth = 50;

/** The ways in which a text gets into others: as it is, within JSON, within a URL, in base64. */
const formsOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
];

/** Takes the secrets of one task out of whatever leaves it. */
export class Redaction {
  readonly #forms: string[];

  constructor(secrets: Iterable<string>) {
    const forms = [...secrets].filter((secret) => secret.length >= minLength).flatMap(safeForms);
    // Longest first: one secret may be part of another.
    this.#forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  get empty(): boolean {
    return this.#forms.length === 0;
  }

  text(text: string): string {
    return this.#forms.reduce((left, form) => left.replaceAll(form, mask), text);
  }

  /** Texts and keys within a value, however deep; errors with their message and stack. */
  value(value: unknown, depth = 0): unknown {
    if (this.empty) return value;
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > maxDepth) return mask;
    if (value instanceof Error) return this.#error(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.text(key), this.value(item, depth + 1)]),
    );
  }

  /** The same error without secrets; its cause stays behind, for nobody has looked through it. */
  thrown(error: unknown): DomainError {
    const known = toDomainError(error);
    if (this.empty) return known;
    const { code, message, retryable, details } = known;
    const clean = new DomainError(code, this.text(message), {
      retryable,
      ...(details ? { details: this.value(details) as NonNullable<DomainError['details']> } : {}),
    });
    if (known.stack !== undefined) clean.stack = this.text(known.stack);
    return clean;
  }

  /** Is there a secret in it? */
  isIn(value: unknown): boolean {
    const text = JSON.stringify(value) ?? '';
    return this.#forms.some((form) => text.includes(form));
  }

  #error(error: Error): { message: string; stack: string } {
    return { message: this.text(error.message), stack: this.text(error.stack ?? '') };
  }
}

/** A lone surrogate has no form in a URL. */
const safeForms = (secret: string): string[] => formsOf(secret.toWellFormed());
