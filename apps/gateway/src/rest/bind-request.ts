import { headerNames, InvalidRequest, type FieldError } from '@millrace/contracts';

export interface RequestParts {
  /** Of the path. */
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
  /** The header; only looked at where the operation has such a field. */
  idempotencyKey?: string;
}

const conflicts = (
  what: string,
  given: Record<string, unknown>,
  body: Record<string, unknown>,
): FieldError[] =>
  Object.entries(given)
    .filter(([name, value]) => Object.hasOwn(body, name) && String(body[name]) !== String(value))
    .map(([name]) => ({ field: name, message: `differs from ${what}` }));

/**
 * Makes one request of what HTTP spreads over path, query, headers and body. A field that is said twice must say the same.
 * @param acceptsKey whether the operation has a field `idempotencyKey`
 */
export const bindRequest = (
  { params, query, body, idempotencyKey }: RequestParts,
  acceptsKey: boolean,
): Record<string, unknown> => {
  const fromHeader = acceptsKey && idempotencyKey !== undefined ? { idempotencyKey } : {};
  const given = { ...query, ...body };
  const mistakes = [
    ...conflicts('the path', params, given),
    ...conflicts(`the header ${headerNames.idempotencyKey}`, fromHeader, given),
  ];
  if (mistakes.length > 0) throw new InvalidRequest(mistakes);
  return { ...given, ...fromHeader, ...params };
};
