import {
  DomainError,
  endpointList,
  endpointNamePattern,
  modelMetadata,
  toDomainError,
  type InferResponse,
  type RowsResponse,
} from '@millrace/contracts';
import { decodeJson, encodeJson, type MessagingClient } from '@millrace/messaging/caller';
import { number } from '../output/format.js';
import { table } from '../output/table.js';
import type { Context } from './context.js';
import { predictionRequest, type PredictionRequest } from './prediction-request.js';
import { parseJson, readStdin } from './read-input.js';

const maxBytes = 16_777_216;

export const predict = async (context: Context, endpoint: string, json: string): Promise<void> => {
  const request = predictionRequest(
    parseJson(json === '-' ? await readStdin(maxBytes, context.stdin) : json),
  );
  await using session = await context.connect();
  const response = await ask(session.client, endpoint, request);
  context.output.result(response, () => describe(response));
};

const ask = async (
  client: MessagingClient,
  endpoint: string,
  { form, body }: PredictionRequest,
): Promise<RowsResponse | InferResponse> => {
  if (!endpointNamePattern.test(endpoint)) throw await unknown(client, endpoint);
  const subject = form === 'rows' ? client.subjects.inferRows(endpoint) : client.subjects.infer(endpoint);
  try {
    const { data } = await client.requestRaw(subject, encodeJson(body), { timeoutMs: 30_000 });
    return decodeJson(data) as RowsResponse | InferResponse;
  } catch (thrown) {
    if (toDomainError(thrown).code === 'unavailable' && (await isUnknown(client, endpoint)))
      throw await unknown(client, endpoint);
    throw thrown;
  }
};

/** Nobody listens to the endpoint: does it not exist, or is inference away? */
const isUnknown = async (client: MessagingClient, endpoint: string): Promise<boolean> => {
  try {
    await client.request(modelMetadata, { endpoint }, { timeoutMs: 1_000 });
    return false;
  } catch (thrown) {
    return toDomainError(thrown).code === 'not_found';
  }
};

const unknown = async (client: MessagingClient, endpoint: string): Promise<DomainError> => {
  const { items } = await client.request(endpointList, {}, { timeoutMs: 1_000 }).catch(() => ({ items: [] }));
  const known = items.map(({ endpoint }) => endpoint).join(', ');
  return new DomainError(
    'not_found',
    `there is no endpoint '${endpoint}'${known ? `; there is ${known}` : ''}`,
  );
};

const describe = (response: RowsResponse | InferResponse): string => {
  if (!('predictions' in response)) return JSON.stringify(response, null, 2);
  const columns = [...new Set(response.predictions.flatMap((prediction) => Object.keys(prediction)))];
  const rows = response.predictions.map((prediction) => columns.map((column) => cell(prediction[column])));
  return `${table(columns, rows)}\n\n${response.model_name} version ${response.model_version}`;
};

const cell = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(cell).join(' ');
  if (typeof value !== 'object' || value === null) return number(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${cell(part)}`)
    .join(', ');
};
