import { DomainError, type ErrorCode } from '@millrace/contracts';

/** DuckDB's own message without the SQL that it quotes and its advice. */
export const firstParagraph = (message: string): string =>
  message
    .split(/\n\s*\n|\nLINE \d+:|\nPossible (?:fixes|solutions):|\nTry /)[0]!
    .replaceAll(/\s+/g, ' ')
    .slice(0, 1000);

/** Not by `instanceof`: errors of a native addon can come from another realm. */
export const messageOf = (thrown: unknown): string =>
  String((thrown as { message?: unknown } | null)?.message ?? thrown);

/** A statement that is wrong in itself: the caller's mistake if it is the caller's. */
const wrongStatement = /^(?:Parser|Binder|Catalog|Permission|Syntax|Not implemented) Error/;
export const isWrongStatement = (thrown: unknown): boolean =>
  !(thrown instanceof DomainError) && wrongStatement.test(messageOf(thrown));

const codes: [RegExp, ErrorCode][] = [
  [/^(?:IO|FATAL|Fatal) Error.*No space left on device/s, 'storage_full'],
  [/^Out of Memory Error.*max_temp_directory_size/s, 'payload_too_large'],
  [/^Out of Memory Error/, 'payload_too_large'],
  [
    /^(?:Conversion|Invalid Input|Invalid type|Out of Range|Mismatch Type|Divide by Zero|Decimal) Error/,
    'data_invalid',
  ],
];

/** What a failed statement means to the caller. Unknown failures stay `internal`. */
export const fromDuckDb = (thrown: unknown): DomainError => {
  if (thrown instanceof DomainError) return thrown;
  const message = messageOf(thrown);
  const code = codes.find(([pattern]) => pattern.test(message))?.[1] ?? 'internal';
  const text =
    code === 'payload_too_large'
      ? `needs more memory than allowed: ${firstParagraph(message)}`
      : firstParagraph(message);
  return new DomainError(code, text, { cause: thrown });
};
