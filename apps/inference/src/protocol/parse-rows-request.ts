import { DomainError, InvalidRequest } from '@millrace/contracts';
import { tableToFeeds } from '@millrace/onnx';
import { checkSize } from './binary/binary-part.js';
import { readFlag, readParameters, type CallParameters } from './call-parameters.js';
import { shorten } from './describe-value.js';
import type { ModelInterface } from './model-interface.js';
import type { InferCall } from './infer-call.js';
import { readId, readObject, readText } from './read-json-body.js';
import type { RequestLimits } from './request-limits.js';

const known = new Set(['explain', 'id', 'parameters', 'rows']);

/**
 * Plain records by column name.
 * @throws InvalidRequest whose fields are paths such as `rows[3].distance`; `payload_too_large` over a limit
 */
export const parseRowsRequest = (
  body: Uint8Array,
  model: ModelInterface,
  limits: RequestLimits,
): InferCall => {
  checkSize(body, limits.maxBodyBytes);
  const request = readObject(readText(body));
  const unknown = Object.keys(request).find((key) => !known.has(key));
  if (unknown !== undefined) throw new InvalidRequest([{ field: shorten(unknown), message: 'is not known' }]);
  const id = readId(request['id']);
  const rows = request['rows'];
  if (!Array.isArray(rows))
    throw new InvalidRequest([{ field: 'rows', message: 'must be an array of records' }]);
  if (rows.length > limits.maxRows)
    throw new DomainError(
      'payload_too_large',
      `${rows.length} rows are more than the limit of ${limits.maxRows}; score larger data as a dataset`,
      { details: { limit: limits.maxRows } },
    );
  return {
    id,
    feeds: tableToFeeds(model.signature, rows as Record<string, unknown>[]),
    rows: rows.length,
    outputs: model.everyOutput.json,
    parameters: withExplain(readParameters(request['parameters']), request),
  };
};

/** People say it beside the rows. */
const withExplain = (parameters: CallParameters, request: Record<string, unknown>): CallParameters => {
  const explain = readFlag(request, 'explain');
  return explain === undefined ? parameters : { ...parameters, explain };
};
